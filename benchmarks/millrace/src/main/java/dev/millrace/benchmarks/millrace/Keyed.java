package dev.millrace.benchmarks.millrace;

import static dev.millrace.pipeline.policy.StageOptions.with;

import dev.millrace.benchmarks.workload.KeyedTask;
import dev.millrace.benchmarks.workload.KeyedWork;
import dev.millrace.benchmarks.workload.Stopwatch;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.WriteResult;
import org.apache.kafka.common.serialization.Serdes;

/** Work key by key, as a sink to which each record goes by itself. */
final class Keyed {

    private Keyed() {}

    public static void main(String[] args) throws Exception {
        KeyedTask task = KeyedTask.ofProperties();
        KeyedWork work = new KeyedWork(task);
        Pipeline pipeline = Pipeline.named(task.group())
                .from(Kafka.at(task.kafka()).source(task.topic(), Serdes.ByteArray()))
                .to(
                        sink(task, work),
                        with().ordering(Ordering.PER_KEY)
                                .concurrency(task.concurrency())
                                .batch(BatchPolicy.upTo(1)));
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            Stopwatch.await(task.records(), work::done, work::outOfOrder);
            running.close();
            running.awaitTermination();
        }
    }

    private static Sink<byte[]> sink(KeyedTask task, KeyedWork work) {
        return switch (task.way()) {
            case BLOCKING -> Sinks.forEach(work::block);
            case ASYNC -> context -> batch -> work.begin(batch.get(0).value()).thenApply(done -> WriteResult.written());
        };
    }
}
