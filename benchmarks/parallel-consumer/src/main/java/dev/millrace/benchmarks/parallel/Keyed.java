package dev.millrace.benchmarks.parallel;

import dev.millrace.benchmarks.workload.KeyedTask;
import dev.millrace.benchmarks.workload.KeyedTask.Way;
import dev.millrace.benchmarks.workload.KeyedWork;
import dev.millrace.benchmarks.workload.Stopwatch;
import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.confluent.parallelconsumer.reactor.ReactorProcessor;
import java.util.List;
import reactor.core.publisher.Mono;

/** Work key by key: what blocks in a pool of as many threads, what is answered later by the module for Reactor. */
final class Keyed {

    private Keyed() {}

    public static void main(String[] args) throws Exception {
        KeyedTask task = KeyedTask.ofProperties();
        KeyedWork work = new KeyedWork(task);
        if (task.way() == Way.ASYNC) {
            try (ReactorProcessor<byte[], byte[]> processor = new ReactorProcessor<>(options(task))) {
                processor.subscribe(List.of(task.topic()));
                // A record is done with the first value, not with the end.
                processor.react(context -> Mono.fromCompletionStage(() -> work.begin(context.value()))
                        .thenReturn(context.offset()));
                Stopwatch.await(task.records(), work::done, work::outOfOrder);
            }
            return;
        }
        try (ParallelStreamProcessor<byte[], byte[]> processor =
                ParallelStreamProcessor.createEosStreamProcessor(options(task))) {
            processor.subscribe(List.of(task.topic()));
            processor.poll(context -> block(work, context.value()));
            Stopwatch.await(task.records(), work::done, work::outOfOrder);
        }
    }

    private static void block(KeyedWork work, byte[] value) {
        try {
            work.block(value);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ParallelConsumerOptions<byte[], byte[]> options(KeyedTask task) {
        return ParallelConsumerOptions.<byte[], byte[]>builder()
                .ordering(ProcessingOrder.KEY)
                .maxConcurrency(task.concurrency())
                .consumer(Consumers.of(task.kafka(), task.group()))
                .build();
    }
}
