package dev.millrace.pipeline;

/** The one partition of a source that has no more. */
final class SinglePartition {

    static final String NAME = "0";

    private SinglePartition() {}
}
