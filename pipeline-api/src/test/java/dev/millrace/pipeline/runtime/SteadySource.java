package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Offers numbers at a steady rate of virtual time, by turns in two partitions, with keys by turns. */
final class SteadySource implements Source<Integer>, SourceReader<Integer> {

    private static final int PARTITIONS = 2;

    private final SimScheduler scheduler;
    private final int keys;
    private final long nanosBetween;
    private final long start;
    private final int[] next = {0, 1};
    private final Set<String> paused = new HashSet<>();
    private int pollLimit;

    SteadySource(SimScheduler scheduler, int keys, int perSecond) {
        this.scheduler = scheduler;
        this.keys = keys;
        this.nanosBetween = 1_000_000_000L / perSecond;
        this.start = scheduler.now();
    }

    /** How many it has given. */
    int given() {
        return next[0] / PARTITIONS + next[1] / PARTITIONS;
    }

    int keyOf(int value) {
        return value % keys;
    }

    @Override
    public SourceReader<Integer> open(SourceContext context) {
        pollLimit = context.pollLimit();
        return this;
    }

    @Override
    public List<PipelineRecord<Integer>> poll(Duration timeout) {
        long due = (scheduler.now() - start) / nanosBetween;
        List<PipelineRecord<Integer>> records = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            String name = "p" + partition;
            int most = pollLimit / PARTITIONS;
            for (; most > 0 && next[partition] < due && !paused.contains(name); most--) {
                int value = next[partition];
                records.add(PipelineRecord.of(value, name, value).withKey(keyOf(value)));
                next[partition] += PARTITIONS;
            }
        }
        return records;
    }

    @Override
    public boolean isPausable() {
        return true;
    }

    @Override
    public void pause(Collection<String> partitions) {
        paused.addAll(partitions);
    }

    @Override
    public void resume(Collection<String> partitions) {
        paused.removeAll(partitions);
    }
}
