package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.record.PipelineRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs to enter a record into the ledger and to acknowledge it, in whichever order that happens. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(LedgerBenchmark.RECORDS)
public class LedgerBenchmark {

    static final int RECORDS = 10_000;

    /** In which records are acknowledged. */
    public enum Order {
        /** As they have been read. */
        FIRST_TO_LAST,
        /** The worst one: nothing can be committed until the end. */
        LAST_TO_FIRST,
        /** As answers come. */
        RANDOM
    }

    /** See {@link Order}. */
    @Param
    public Order order = Order.FIRST_TO_LAST;

    private final Flight[] flights = new Flight[RECORDS];
    private final List<PipelineRecord<Integer>> records = IntStream.range(0, RECORDS)
            .mapToObj(i -> PipelineRecord.of(i, "0", i))
            .toList();
    private final Worker worker = worker();
    private final Partition partition = new Partition("0", worker);
    private int[] acknowledged = new int[0];

    /** A worker that is never started, for what a partition tells it. */
    private static Worker worker() {
        Pipeline pipeline = Pipeline.named("ledger")
                .from(context -> new RepeatedReader<>(List.<PipelineRecord<Integer>>of()))
                .to(Sinks.discard());
        RealTimeEnvironment environment = new RealTimeEnvironment();
        return new Worker(
                (Engine) PipelineRunner.create().workers(1).start(pipeline, environment), "ledger", Integer.MAX_VALUE);
    }

    /** Lays the order down. */
    @Setup
    public void order() {
        List<Integer> numbers =
                new ArrayList<>(IntStream.range(0, RECORDS).boxed().toList());
        switch (order) {
            case FIRST_TO_LAST -> {}
            case LAST_TO_FIRST -> Collections.reverse(numbers);
            case RANDOM -> Collections.shuffle(numbers, new Random(1));
        }
        acknowledged = numbers.stream().mapToInt(number -> number).toArray();
    }

    /** Receives, begins, acknowledges and publishes. */
    @Benchmark
    public long acknowledge() {
        partition.receive(records, 0);
        for (int i = 0; i < RECORDS; i++) {
            flights[i] = partition.begin(0);
        }
        for (int number : acknowledged) {
            flights[number].release();
        }
        Arrays.fill(flights, null);
        worker.run();
        if (partition.ledgerSize() != 0 || partition.frontier() != RECORDS) {
            throw new IllegalStateException("the frontier is at " + partition.frontier());
        }
        return partition.frontier();
    }
}
