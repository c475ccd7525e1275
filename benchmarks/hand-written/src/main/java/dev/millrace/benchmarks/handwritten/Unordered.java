package dev.millrace.benchmarks.handwritten;

import dev.millrace.benchmarks.workload.KeyedTask;
import dev.millrace.benchmarks.workload.KeyedTask.Way;
import dev.millrace.benchmarks.workload.KeyedWork;
import dev.millrace.benchmarks.workload.Stopwatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Work on many records at once by a loop that cares for nothing: neither for the order of a key nor for what is done
 * before it commits. The ceiling for those who do.
 */
final class Unordered {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KeyedTask task;
    private final KeyedWork work;
    private final Semaphore window;
    private final ExecutorService executor = executor();
    private volatile boolean isStopped;

    private Unordered(KeyedTask task) {
        this.task = task;
        this.work = new KeyedWork(task);
        this.window = new Semaphore(task.concurrency());
    }

    public static void main(String[] args) throws Exception {
        new Unordered(KeyedTask.ofProperties()).run();
    }

    private void run() throws InterruptedException {
        Thread loop = new Thread(this::poll, "loop");
        loop.start();
        Stopwatch.await(task.records(), work::done, work::outOfOrder);
        isStopped = true;
        loop.join();
        executor.shutdown();
    }

    private void poll() {
        Map<String, Object> settings = Map.of(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, true);
        try (KafkaConsumer<byte[], byte[]> consumer = Consumers.of(task.kafka(), task.group(), settings)) {
            consumer.subscribe(List.of(task.topic()));
            while (!isStopped) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    begin(record.value());
                }
            }
        }
    }

    /** Where the work takes no time, nothing is gained by another thread. */
    private void begin(byte[] value) {
        if (task.millis() == 0) {
            var unused = work.begin(value);
            return;
        }
        window.acquireUninterruptibly();
        if (task.way() == Way.ASYNC) {
            work.begin(value).whenComplete((done, failure) -> window.release());
        } else {
            executor.execute(() -> block(value));
        }
    }

    private void block(byte[] value) {
        try {
            work.block(value);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            window.release();
        }
    }

    /** Virtual threads where the JVM has them. */
    private static ExecutorService executor() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException noVirtualThreads) {
            return Executors.newCachedThreadPool();
        }
    }
}
