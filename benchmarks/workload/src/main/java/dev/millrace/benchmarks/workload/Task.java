package dev.millrace.benchmarks.workload;

import java.nio.file.Path;
import java.util.List;

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
 * @param times the file to write down in when each record was done, empty where that is of no interest
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
        String variant,
        String times) {

    /** Where the rows go. */
    public enum SinkKind {
        /** They are counted. */
        NONE,
        /** As JSON, by user. */
        KAFKA,
        /** As rows of a table. */
        CASSANDRA
    }

    /** As system properties of this JVM say. */
    public static Task ofProperties() {
        return Settings.read(Task.class);
    }

    /** Options that tell a JVM of it. */
    public List<String> options() {
        return Settings.options(this);
    }

    /** The same, with a file to write down when each record was done. */
    public Task writingTimesTo(Path file) {
        return new Task(kafka, topic, group, records, sink, output, cassandra, table, variant, file.toString());
    }

    /** Whether it is to be written down when each record was done. */
    public boolean isTimed() {
        return !times.isEmpty();
    }
}
