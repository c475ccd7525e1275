package dev.millrace.benchmarks.millrace;

import dev.millrace.benchmarks.workload.GrowthTask;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Makes records up, of many keys, which a poll brings of all partitions in turn. */
final class Numbers implements SourceReader<Long> {

    /** Coprime to every power of ten and of two: keys come in no order, and all of them. */
    private static final long STRIDE = 7_368_787;

    private final GrowthTask task;
    private final int pollLimit;
    private final boolean isEnding;
    private final List<String> partitions;
    private long next;

    /** @param isEnding whether the pipeline is to end with the last one, rather than keep all that it has */
    Numbers(GrowthTask task, int pollLimit, boolean isEnding) {
        this.task = task;
        this.pollLimit = pollLimit;
        this.isEnding = isEnding;
        this.partitions =
                IntStream.range(0, task.partitions()).mapToObj(String::valueOf).toList();
    }

    @Override
    public List<PipelineRecord<Long>> poll(Duration timeout) {
        int count = (int) Math.min(pollLimit, task.records() - next);
        List<PipelineRecord<Long>> records = new ArrayList<>(count);
        for (int i = 0; i < count; i++, next++) {
            Long key = next * STRIDE % task.keys();
            String partition = partitions.get((int) (next % partitions.size()));
            records.add(PipelineRecord.of(key, partition, next).withKey(key));
        }
        if (count == 0) {
            LockSupport.parkNanos(timeout.toNanos());
        }
        return records;
    }

    @Override
    public boolean isExhausted() {
        return isEnding && next == task.records();
    }
}
