package dev.millrace.pipeline.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What outlives an engine: the source's log and commits, what sinks hold, and the clock. */
final class SimWorld {

    static final long NO_LIMIT = Long.MAX_VALUE;

    final SimPlan plan;
    final SplittableRandom random;
    final SimScheduler scheduler;
    final List<SimStage> stages = new ArrayList<>();
    final List<SimPartition> partitions = new ArrayList<>();
    final SimOracle oracle;

    /** Writers of all runs that may have calls under way. */
    final List<SimWriter<?>> writers = new ArrayList<>();

    /** Sinks in the order of their places. */
    final List<SimTable> tables = new ArrayList<>();

    /** Where there is one. */
    @Nullable
    SimAggregate aggregate;

    /** How many values may pass the one limit in a run, where there is one. */
    long limit = NO_LIMIT;

    @Nullable
    SimRun run;

    int runs;
    private int epochs;
    private int records;

    SimWorld(long seed, boolean isTracing, String unchecked) {
        random = new SplittableRandom(seed);
        plan = new SimPlan(seed, random);
        oracle = new SimOracle(stages, isTracing, unchecked);
        scheduler = new SimScheduler(random.split(), oracle::isBroken);
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            partitions.add(partition("p" + i));
        }
    }

    private SimPartition partition(String name) {
        SimPartition partition = new SimPartition(name);
        int keys = 1 + random.nextInt(4);
        int length = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(40);
        boolean hasGaps = random.nextBoolean();
        long offset = hasGaps ? random.nextInt(5) : 0;
        for (int i = 0; i < length; i++) {
            Object key = random.nextInt(6) == 0 ? null : "k" + random.nextInt(keys);
            partition.log.add(new SimRecord(partition, offset, key, records++));
            offset += hasGaps && random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
        }
        return partition;
    }

    SimPartition partition(CharSequence name) {
        return partitions.stream()
                .filter(partition -> partition.name.contentEquals(name))
                .findFirst()
                .orElseThrow();
    }

    int nextEpoch() {
        return ++epochs;
    }

    boolean chance(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    boolean isFaulty() {
        return plan.isFaulty(runs);
    }

    /** Whether a connector is to fail now. */
    boolean isFault() {
        return isFaulty() && chance(plan.faultRate);
    }

    long latency() {
        int part = random.nextInt(20);
        long most = part == 0 && isFaulty() ? plan.latencyNanos * 50 : plan.latencyNanos;
        return 1 + random.nextLong(most);
    }

    boolean isDone() {
        return partitions.stream().allMatch(SimPartition::isDone);
    }
}
