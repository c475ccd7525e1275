package dev.millrace.benchmarks.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a contender is to do in its JVM: read so many records of a topic in a group, from its beginning, and bring them
 * to a sink, at least once.
 *
 * @param kafka the servers, as clients want them
 * @param topic where the ratings are
 * @param group has committed nothing yet
 * @param records how many there are
 * @param sink where they go
 * @param output the topic of the Kafka sink
 * @param cassandra host and port
 * @param table keyspace and name of the table
 * @param variant how, where a contender has several ways
 */
public record Task(
        String kafka,
        String topic,
        String group,
        long records,
        SinkKind sink,
        String output,
        String cassandra,
        String table,
        String variant) {

    /** Where the rows go. */
    public enum SinkKind {
        /** They are counted. */
        NONE,
        /** As JSON, by user. */
        KAFKA,
        /** As rows of a table. */
        CASSANDRA
    }

    private static final String PREFIX = "bench.";

    /** As system properties of this JVM say. */
    public static Task ofProperties() {
        return new Task(
                property("kafka"),
                property("topic"),
                property("group"),
                Long.parseLong(property("records")),
                SinkKind.valueOf(property("sink")),
                property("output"),
                property("cassandra"),
                property("table"),
                property("variant"));
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(PREFIX + name), PREFIX + name);
    }

    /** Options that tell a JVM of it. */
    public List<String> options() {
        List<String> options = new ArrayList<>();
        options.add("-D" + PREFIX + "kafka=" + kafka);
        options.add("-D" + PREFIX + "topic=" + topic);
        options.add("-D" + PREFIX + "group=" + group);
        options.add("-D" + PREFIX + "records=" + records);
        options.add("-D" + PREFIX + "sink=" + sink);
        options.add("-D" + PREFIX + "output=" + output);
        options.add("-D" + PREFIX + "cassandra=" + cassandra);
        options.add("-D" + PREFIX + "table=" + table);
        options.add("-D" + PREFIX + "variant=" + variant);
        return options;
    }
}
