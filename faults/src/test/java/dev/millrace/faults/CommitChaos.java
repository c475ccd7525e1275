package dev.millrace.faults;

import static dev.millrace.pipeline.policy.StageOptions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;

/**
 * F54: records of one partition are done out of order, in a window of ten thousand, so that more is to be told with
 * each commit than there is room for. In this process, on a real broker. Each topic is read in two lives: the first is
 * abandoned halfway, and the second goes on from what was committed.
 */
class CommitChaos {

    private static final int RECORDS = 50_000;
    private static final int WINDOW = 10_000;
    private static final int MOST_BYTES = 4_096;
    /** More than that, and nothing can be added. */
    private static final int FULL = 4_000;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /**
     * Answers a record after so many others have come: half of them soon, half of them when the window has passed. By
     * number and not by the clock, so that the window is as wide on any machine.
     */
    private static final class Window {

        private record Waiting(long due, int number, CompletableFuture<WriteResult> answer) {}

        private final int[] delays;
        private final int silentFrom;
        private final AtomicIntegerArray written;
        private final PriorityQueue<Waiting> waiting =
                new PriorityQueue<>((one, other) -> Long.compare(one.due, other.due));
        private int arrived;
        private boolean isEnding;

        /** It answers nothing once so many have come. */
        Window(int[] delays, int silentFrom, AtomicIntegerArray written) {
            this.delays = delays;
            this.silentFrom = silentFrom;
            this.written = written;
        }

        synchronized boolean isSilent() {
            return arrived >= silentFrom;
        }

        CompletionStage<WriteResult> write(int number) {
            CompletableFuture<WriteResult> answer = new CompletableFuture<>();
            List<Waiting> due = new ArrayList<>();
            synchronized (this) {
                arrived++;
                waiting.add(new Waiting(arrived + delays[number], number, answer));
                isEnding |= number == delays.length - 1;
                while (!isSilent() && !waiting.isEmpty() && (isEnding || waiting.element().due <= arrived)) {
                    due.add(waiting.remove());
                }
            }
            for (Waiting each : due) {
                written.incrementAndGet(each.number);
                each.answer.complete(WriteResult.written());
            }
            return answer;
        }
    }

    @Test
    void shouldKeepWithEachCommitNoMoreThanThereIsRoomFor() throws Exception {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        System.out.println("seed " + seed + "; -Dmillrace.seed=" + seed + " draws the same again");
        Random random = new Random(seed);
        int least = ProcessChaos.scaled(1_000);
        List<String> commits = new ArrayList<>();
        long records = 0;
        long duplicates = 0;
        int rounds = 0;
        while (commits.size() < least) {
            String name = "window-" + ++rounds;
            AtomicIntegerArray written = readInTwoLives(name, random);
            List<String> committed = CommitLog.metadata(Servers.kafka().bootstrapServers(), name);
            assertThat(committed).as("commits of round %s", rounds).isNotEmpty();
            commits.addAll(committed);
            records += written.length();
            duplicates += IntStream.range(0, written.length()).map(written::get).sum() - written.length();
        }
        int longest = commits.stream().mapToInt(String::length).max().orElseThrow();
        assertThat(longest).isBetween(FULL, MOST_BYTES);
        assertThat(commits).allMatch(metadata -> metadata.startsWith("done=1.") || metadata.startsWith("topic-id="));
        ChaosReport.add(new Outcome(
                "%,d done out of order, abandoned; of %,d commits the longest metadata %,d bytes"
                        .formatted(WINDOW, commits.size(), longest),
                rounds,
                new Oracle.Verdict(records, 0, duplicates),
                List.of(),
                seed));
    }

    /** How often each record was written. */
    private static AtomicIntegerArray readInTwoLives(String name, Random random) throws Exception {
        send(name);
        int[] delays = random.ints(RECORDS, 0, WINDOW / 10)
                .map(delay -> random.nextBoolean() ? delay : WINDOW - delay)
                .toArray();
        AtomicIntegerArray written = new AtomicIntegerArray(RECORDS);
        Window half = new Window(delays, RECORDS / 2, written);
        try (RunningPipeline first = start(name, half)) {
            Await.until(
                    "metadata that fills its room",
                    PATIENCE,
                    first::explain,
                    () -> half.isSilent() && metadata(name).length() > FULL);
            first.abandon();
        }
        assertThat(metadata(name))
                .as("the last commit, after which no other was refused for its size")
                .startsWith("done=1.")
                .hasSizeBetween(FULL, MOST_BYTES);
        try (RunningPipeline second = start(name, new Window(delays, Integer.MAX_VALUE, written))) {
            Await.until("all of them committed", PATIENCE, second::explain, () -> committed(name) == RECORDS);
        }
        assertThat(IntStream.range(0, RECORDS).filter(number -> written.get(number) == 0))
                .as("I1 lost")
                .isEmpty();
        return written;
    }

    private static RunningPipeline start(String name, Window window) {
        Pipeline pipeline = Pipeline.named(name)
                .from(Kafka.at(Servers.kafka().bootstrapServers()).source(name, Serdes.Integer()))
                .to(
                        context -> batch -> window.write(batch.get(0).value()),
                        with().ordering(Ordering.UNORDERED)
                                .batch(BatchPolicy.of(1, Duration.ZERO))
                                .concurrency(4 * WINDOW));
        return PipelineRunner.create()
                // A partition may have half of that.
                .maxInFlight(4 * WINDOW)
                .commitInterval(Duration.ofMillis(10))
                .start(pipeline);
    }

    private static void send(String topic) throws Exception {
        Admin admin = Servers.admin();
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                .all()
                .get(1, TimeUnit.MINUTES);
        Map<String, Object> config = Map.of("bootstrap.servers", Servers.kafka().bootstrapServers());
        try (KafkaProducer<Integer, Integer> producer =
                new KafkaProducer<>(config, new IntegerSerializer(), new IntegerSerializer())) {
            for (int number = 0; number < RECORDS; number++) {
                Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(topic, number, number));
            }
            producer.flush();
        }
    }

    private static long committed(String name) throws Exception {
        return commit(name).map(commit -> commit.offset()).orElse(0L);
    }

    private static String metadata(String name) throws Exception {
        return commit(name).map(commit -> commit.metadata()).orElse("");
    }

    private static Optional<OffsetAndMetadata> commit(String name) throws Exception {
        return Optional.ofNullable(Servers.admin()
                .listConsumerGroupOffsets(name)
                .partitionsToOffsetAndMetadata()
                .get(1, TimeUnit.MINUTES)
                .get(new TopicPartition(name, 0)));
    }
}
