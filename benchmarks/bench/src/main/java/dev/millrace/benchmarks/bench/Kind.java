package dev.millrace.benchmarks.bench;

/** What can be measured. */
enum Kind {
    /** Throughput from a topic to a sink. */
    END_TO_END,
    /** How long it takes from the start of a JVM to the first record done. */
    START,
    /** How many requests are best under way to a Cassandra that is idle, slow or overloaded. */
    WINDOW,
    /** How old a record is when it is written. */
    LATENCY,
    /** Work on many keys at once. */
    KEYED,
    /** What a record costs the more there are of something. */
    GROWTH,
    /** What a record costs in parts of the library. */
    PARTS
}
