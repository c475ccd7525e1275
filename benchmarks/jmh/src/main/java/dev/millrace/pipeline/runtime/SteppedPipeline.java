package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.Purchases.Placed;
import dev.millrace.pipeline.runtime.Purchases.Purchase;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.List;
import java.util.function.Function;

/** A pipeline of which all runs in the caller's thread, one poll at a time. */
final class SteppedPipeline implements AutoCloseable {

    private final RealTimeEnvironment environment = new RealTimeEnvironment();
    private final List<PipelineRecord<Purchase>> records = Purchases.records();
    private final RepeatedReader<Purchase> reader = new RepeatedReader<>(records);
    private final Engine engine;
    private long polls;
    private double sum;

    SteppedPipeline(PipelineRunner runner, Function<Stage<Purchase>, Stage<Placed>> stages) {
        Pipeline pipeline = stages.apply(Pipeline.named("stepped").from(context -> reader))
                .to(context -> batch -> {
                    batch.forEach(record -> sum += record.value().amount());
                    return WriteResult.alreadyWritten();
                });
        engine = (Engine) runner.workers(1).start(pipeline, environment);
    }

    /** Takes the records of a poll all the way: a cycle of the worker has room for them. */
    double pass() {
        sum = 0;
        polls++;
        reader.again();
        environment.step();
        return sum;
    }

    /** A chain of its steps as a worker has one, which ends where the sink would begin. */
    List<Step> stepsBefore(Receiver end) {
        Worker worker = new Worker(engine, "alone", Integer.MAX_VALUE);
        OpenStages stages = OpenStages.open(engine.pipeline().graph(), environment);
        List<Step> steps = Chain.build(engine.pipeline().graph(), stages, engine, worker);
        steps.get(steps.size() - 2).next = end;
        return steps.subList(0, steps.size() - 1);
    }

    List<PipelineRecord<Purchase>> records() {
        return records;
    }

    /** Fails unless all of every poll has been done. */
    @Override
    public void close() {
        long done = engine.stats().recordsDone();
        engine.abandon();
        while (!engine.state().isFinal()) {
            environment.step();
        }
        if (done != polls * records.size()) {
            throw new IllegalStateException(done + " records are done, of " + polls * records.size());
        }
    }
}
