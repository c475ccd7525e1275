package dev.millrace.pipeline.runtime;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a partition is done that is read at present. Counts of records behind are as of the last commit interval, the
 * rest as of about now.
 *
 * @param partition name of the partition
 * @param frontier the first offset that is not done; empty while no record has come
 * @param frontierAge how long the record at the frontier has been worked on; zero where none is
 * @param gap records from the frontier to the newest one begun, those that are done ahead of it included
 * @param lag records not done: those not read yet and those in flight; empty where the source does not know
 * @param lagTime how old the record at the frontier is by its own timestamp, or zero where none is behind; empty where
 *     that is not known
 */
public record PartitionStats(
        String partition,
        OptionalLong frontier,
        Duration frontierAge,
        long gap,
        OptionalLong lag,
        Optional<Duration> lagTime) {}
