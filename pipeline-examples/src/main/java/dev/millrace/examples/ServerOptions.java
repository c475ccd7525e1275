package dev.millrace.examples;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that name running servers. */
public final class ServerOptions {

    /** Kafka's bootstrap address. */
    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "A running Kafka to use instead of one started for this.")
    public @Nullable String kafka;

    /** Cassandra's contact point. */
    @Option(
            names = "--cassandra",
            paramLabel = "HOST:PORT",
            description = "A running Cassandra to use instead of one started for this.")
    public @Nullable String cassandra;

    /** Cassandra's local data centre. */
    @Option(
            names = "--datacenter",
            paramLabel = "NAME",
            description = "Its data centre; by default the one that it says it is in.")
    public @Nullable String datacenter;
}
