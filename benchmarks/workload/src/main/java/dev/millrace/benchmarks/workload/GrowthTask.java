package dev.millrace.benchmarks.workload;

import java.util.List;

/**
 * What a pipeline without servers is to do: records that are made up on the spot go through some stages.
 *
 * @param records how many
 * @param partitions how many the source has; each poll brings as many of each
 * @param keys how many the records have
 * @param stages how many change the value, one after the other
 * @param end what becomes of them
 */
public record GrowthTask(long records, int partitions, int keys, int stages, End end) {

    /** The end of a pipeline. */
    public enum End {
        /** They are let go. */
        NONE,
        /** They are let go, one after the other of each key. */
        IN_ORDER,
        /** They are counted per key, and told every second. */
        COUNTED
    }

    /** As system properties of this JVM say. */
    public static GrowthTask ofProperties() {
        return Settings.read(GrowthTask.class);
    }

    /** Options that tell a JVM of it. */
    public List<String> options() {
        return Settings.options(this);
    }
}
