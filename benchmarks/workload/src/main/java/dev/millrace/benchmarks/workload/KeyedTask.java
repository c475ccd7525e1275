package dev.millrace.benchmarks.workload;

import java.util.List;

/**
 * What a contender is to do with records of many keys: some work for each, many at once, but those of one key one after
 * the other.
 *
 * @param kafka the servers, as clients want them
 * @param topic where the records are
 * @param group has committed nothing yet
 * @param records how many there are
 * @param keys how many keys they have
 * @param millis how long the work takes
 * @param way how it goes
 * @param concurrency how many may be worked on at once
 */
public record KeyedTask(
        String kafka, String topic, String group, long records, int keys, int millis, Way way, int concurrency) {

    /** How work goes. */
    public enum Way {
        /** It keeps a thread. */
        BLOCKING,
        /** It is answered later. */
        ASYNC
    }

    /** As system properties of this JVM say. */
    public static KeyedTask ofProperties() {
        return Settings.read(KeyedTask.class);
    }

    /** Options that tell a JVM of it. */
    public List<String> options() {
        return Settings.options(this);
    }
}
