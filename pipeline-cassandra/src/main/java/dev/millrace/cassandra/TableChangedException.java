package dev.millrace.cassandra;

import dev.millrace.pipeline.spi.UnavailableException;

/**
 * The table, or what this user may do with it, no longer fits the pipeline: all its records fail alike, and none is to
 * blame. It is waited for, as for a cluster that is down; else a dropped table would turn a topic into dead letters.
 */
final class TableChangedException extends UnavailableException {

    private static final long serialVersionUID = 1L;

    TableChangedException(String message, Throwable cause) {
        super(message, cause);
    }
}
