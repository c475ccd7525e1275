package dev.millrace.cassandra;

/** The table, or what this user may do with it, no longer fits the pipeline: all its records fail alike. */
final class TableChangedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TableChangedException(String message, Throwable cause) {
        super(message, cause);
    }
}
