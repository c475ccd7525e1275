package dev.millrace.benchmarks.handwritten;

import dev.millrace.benchmarks.workload.Stopwatch;
import dev.millrace.benchmarks.workload.Task;
import dev.millrace.benchmarks.workload.Times;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The job in one thread; in two with a consumer each; with larger batches; with rows grouped by their partition, in so
 * many requests at once as a number behind it says.
 */
final class Main {

    private static final String GROUPED = "grouped";
    private static final int WINDOW = 512;
    private static final int POLL_RECORDS = 500;
    private static final int LARGE_POLL_RECORDS = 20_000;
    private static final Map<String, Object> LARGE_BATCHES =
            Map.of(ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10, ProducerConfig.LINGER_MS_CONFIG, 5);

    private Main() {}

    public static void main(String[] args) throws Exception {
        Task task = Task.ofProperties();
        LongAdder done = new LongAdder();
        int threads = task.variant().equals("two-consumers") ? 2 : 1;
        int pollRecords = isGrouping(task) ? LARGE_POLL_RECORDS : POLL_RECORDS;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        Times times = new Times(task.isTimed() ? task.records() : 0);
        try (Output output = output(task, done, times)) {
            List<Loop> loops = Stream.generate(() -> new Loop(task, pollRecords, output))
                    .limit(threads)
                    .toList();
            List<CompletableFuture<Void>> running = loops.stream()
                    .map(loop -> CompletableFuture.runAsync(loop, executor))
                    .toList();
            Stopwatch.await(task.records(), () -> {
                // A loop ends before all is done only where something has failed.
                running.stream().filter(CompletableFuture::isDone).forEach(CompletableFuture::join);
                return done.sum();
            });
            loops.forEach(loop -> loop.isStopped = true);
            running.forEach(CompletableFuture::join);
            if (task.isTimed()) {
                times.save(Path.of(task.times()));
            }
        } finally {
            executor.shutdown();
        }
    }

    private static boolean isGrouping(Task task) {
        return task.variant().startsWith(GROUPED);
    }

    /** How many requests may be under way at once. */
    private static int window(Task task) {
        String variant = task.variant();
        return variant.startsWith(GROUPED + "-") ? Integer.parseInt(variant.substring(GROUPED.length() + 1)) : WINDOW;
    }

    private static Output output(Task task, LongAdder done, Times times) {
        return switch (task.sink()) {
            case NONE ->
                (rows, chunk) -> {
                    done.add(rows.size());
                    chunk.done(rows.size());
                };
            case KAFKA ->
                new KafkaOutput(task, task.variant().equals("large-batches") ? LARGE_BATCHES : Map.of(), done);
            case CASSANDRA ->
                new CassandraOutput(task, isGrouping(task), window(task), rows -> {
                    if (task.isTimed()) {
                        times.written(rows);
                    }
                    done.add(rows.size());
                });
        };
    }
}
