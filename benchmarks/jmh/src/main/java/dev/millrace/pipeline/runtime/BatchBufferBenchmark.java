package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.record.PipelineRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it costs a sink to keep a record until its batch goes, in the order that is asked for. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(BatchBufferBenchmark.RECORDS)
public class BatchBufferBenchmark {

    static final int RECORDS = 10_000;

    private static final int KEYS = 3_000;

    /** Which lanes values wait in. */
    @Param
    public Ordering ordering = Ordering.PER_PARTITION;

    private final Worker worker = worker();
    private final SinkBatches batches = new SinkBatches(worker, BatchPolicy.whatWaits(), () -> {});
    private final List<Flight> flights = flights();

    private static Worker worker() {
        Pipeline pipeline = Pipeline.named("batches")
                .from(context -> new RepeatedReader<>(List.<PipelineRecord<Object>>of()))
                .to(Sinks.discard());
        RealTimeEnvironment environment = new RealTimeEnvironment();
        return new Worker(
                (Engine) PipelineRunner.create().workers(1).start(pipeline, environment), "batches", Integer.MAX_VALUE);
    }

    private List<Flight> flights() {
        Partition partition = new Partition("0", worker);
        List<Flight> all = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            PipelineRecord<Object> record = PipelineRecord.<Object>of(i, "0", i).withKey("key " + i * 31 % KEYS);
            all.add(new Flight(partition, record, 0));
        }
        return all;
    }

    /** Fills the buffer, takes batch after batch, and settles each at once. */
    @Benchmark
    @SuppressWarnings("unchecked")
    public int buffer() {
        SinkLanes lanes = batches.lanes();
        for (Flight flight : flights) {
            PipelineRecord<Object> record = (PipelineRecord<Object>) flight.raw();
            lanes.add(new SinkItem(flight, record, 0), lanes.lane(Lanes.of(ordering, flight, record.key())));
        }
        int taken = 0;
        while (batches.hasNext()) {
            SinkBatch batch = batches.next();
            taken += batch.items.size();
            batch.items.forEach(lanes::settled);
        }
        if (taken != RECORDS) {
            throw new IllegalStateException("taken " + taken + " of " + RECORDS);
        }
        return taken;
    }
}
