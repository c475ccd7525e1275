package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Partitions that come and go, in real groups, under each protocol. */
class KafkaRebalanceIT {

    private static final int PARTITIONS = 6;
    private static final int KEYS = 30;

    /** Longer than a machine stands still, for then the group is right to go on without a member. */
    private static final Duration GROUP_WAITS = Duration.ofSeconds(32);

    enum Protocol {
        RANGE,
        COOPERATIVE_STICKY,
        KIP_848;

        Map<String, String> properties() {
            return switch (this) {
                case RANGE -> classic(RangeAssignor.class);
                case COOPERATIVE_STICKY -> classic(CooperativeStickyAssignor.class);
                case KIP_848 -> Map.of("group.protocol", "consumer");
            };
        }

        /** Its members hear of a rebalance by a heartbeat, by default within three seconds. */
        private static Map<String, String> classic(Class<?> assignor) {
            return Map.of("partition.assignment.strategy", assignor.getName(), "heartbeat.interval.ms", "200");
        }
    }

    private final Broker broker = Broker.shared();
    private final Collected collected = new Collected();
    private final AtomicInteger sent = new AtomicInteger();

    @ParameterizedTest
    @EnumSource
    void shouldWriteEachRecordOnceAndInOrderWhileMembersComeAndGo(Protocol protocol) throws Exception {
        String topic = broker.newTopic(PARTITIONS);
        String group = Broker.newGroup();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<RunningPipeline> members = new ArrayList<>(List.of(start(protocol, topic, group, random.nextLong())));
        int changes = 0;
        while (changes < 8) {
            send(topic, 300);
            Collected.await(
                    "most are written", () -> collected.distinct().size() > sent.get() - 200, members::toString);
            if (members.size() == 1 || members.size() == 2 && random.nextBoolean()) {
                members.add(start(protocol, topic, group, random.nextLong()));
            } else {
                members.remove(random.nextInt(members.size())).close();
            }
            changes++;
        }
        send(topic, 300);
        awaitEnd(group, topic, members);
        members.forEach(RunningPipeline::close);

        assertThat(collected.distinct()).as("seed %s", seed).hasSize(sent.get());
        assertThat(collected.values())
                .as("a partition given up in good order is drained and committed; seed %s", seed)
                .hasSize(sent.get());
        assertEachKeyInOrder("seed " + seed);
    }

    @ParameterizedTest
    @EnumSource
    void shouldLoseNothingWhenMembersLeaveWithRecordsInFlight(Protocol protocol) throws Exception {
        String topic = broker.newTopic(PARTITIONS);
        String group = Broker.newGroup();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<RunningPipeline> members = new ArrayList<>();
        Map<RunningPipeline, SlowSink> sinks = new HashMap<>();
        long inFlight = 0;
        for (int change = 0; change < 4; change++) {
            for (int i = 0; i < 2; i++) {
                SlowSink sink = new SlowSink(random.nextLong());
                RunningPipeline member = start(protocol, topic, group, sink);
                members.add(member);
                sinks.put(member, sink);
            }
            send(topic, 600);
            int target = sent.get();
            Collected.await("some are written", () -> collected.distinct().size() > target - 500, members::toString);
            RunningPipeline leaving = members.remove(random.nextInt(members.size()));
            SlowSink sink = sinks.get(leaving);
            sink.hold(); // or what it writes late would come on top of what the others do
            Collected.await(
                    "what was answered is done",
                    () -> leaving.stats().recordsDone() == sink.answered(),
                    leaving::explain);
            leaving.abandon();
            leaving.close();
            // An answer that came when its partition had gone already is late.
            inFlight += leaving.stats().recordsInFlight() + leaving.stats().lateAcknowledgements();
            if (members.size() > 2) {
                members.remove(0).close();
            }
        }
        awaitEnd(group, topic, members);
        members.forEach(RunningPipeline::close);

        assertThat(collected.distinct()).as("seed %s", seed).hasSize(sent.get());
        assertThat((long) collected.size() - sent.get())
                .as("only what was in flight is written twice; seed %s", seed)
                .isLessThanOrEqualTo(inFlight);
        assertThat(lastOfEachKey())
                .as("seed %s", seed)
                .allSatisfy((key, value) -> assertThat(value).isEqualTo(key + ":" + (sent.get() / KEYS - 1)));
    }

    @ParameterizedTest
    @EnumSource
    void shouldSkipNothingWhenPartitionsAreTakenAwayAndGivenBackAtOnce(Protocol protocol) throws Exception {
        String topic = broker.newTopic(PARTITIONS);
        String group = Broker.newGroup();
        try (RunningPipeline running = start(protocol, topic, group, 1)) {
            for (int i = 0; i < 5; i++) {
                Collected.await(
                        "all partitions are its own", () -> partitions(running) == PARTITIONS, running::explain);
                send(topic, 300);
                // A member that takes partitions and leaves at once, having committed nothing.
                try (KafkaConsumer<byte[], byte[]> passing = plain(protocol, group)) {
                    passing.subscribe(List.of(topic));
                    Collected.await(
                            "the other member has partitions",
                            () -> {
                                passing.poll(Duration.ofMillis(50));
                                return !passing.assignment().isEmpty();
                            },
                            running::explain);
                    assertThat(partitions(running)).as("taken away").isLessThan(PARTITIONS);
                }
            }
            send(topic, 300);
            awaitEnd(group, topic, List.of(running));
        }

        assertThat(collected.values()).hasSize(sent.get());
        assertEachKeyInOrder(protocol.name());
    }

    @ParameterizedTest
    @EnumSource
    void shouldCommitNothingOnceTheGroupHasGoneOnWithoutIt(Protocol protocol) throws Exception {
        String topic = broker.newTopic(1);
        broker.send(topic, 0, "a", "b", "c", "d");
        String group = Broker.newGroup();
        KafkaSource<String> patient =
                kafka(protocol).source(topic, Serdes.String()).group(group);
        KafkaSource<String> impatient = kafka(protocol)
                .with("max.poll.interval.ms", 1_500)
                .source(topic, Serdes.String())
                .group(group);
        try (Reading<String> silent = Reading.of(impatient)) {
            silent.until(4);
            silent.until("committed", () -> {
                commit(silent, Map.of(topic + "-0", 1L)); // again where the group has gone on without it already
                return broker.committed(group, topic).containsValue(1L);
            });
            try (Reading<String> second = Reading.of(patient)) {
                // The first polls no more, and nothing it has done meanwhile counts.
                second.until(3);
                assertThat(second.values()).containsExactly("b", "c", "d");
                silent.context.done.put(topic + "-0", 4L);
                silent.reader.commit(Map.of(topic + "-0", 4L));
                silent.until("lost it", () -> last(silent.context.events).equals("lost [" + topic + "-0]"));
                silent.reader.commit(Map.of(topic + "-0", 4L));
                silent.poll().poll();
                assertThat(broker.committed(group, topic)).containsValue(1L);
                second.reader.commit(Map.of(topic + "-0", 2L));
                second.until("committed", () -> {
                    pollQuietly(silent);
                    return broker.committed(group, topic).containsValue(2L);
                });
            }
            assertThat(silent.context.events).noneMatch(event -> event.startsWith("revoked"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldStayInTheGroupWhileAFunctionBlocksForLongerThanTheGroupWaits(Protocol protocol) throws Exception {
        String topic = broker.newTopic(2);
        String group = Broker.newGroup();
        CountDownLatch release = new CountDownLatch(1);
        Pipeline pipeline = Pipeline.named(group)
                .from(kafka(protocol)
                        .with("max.poll.interval.ms", (int) GROUP_WAITS.toMillis())
                        .source(topic, Serdes.String()))
                .map(value -> {
                    if (value.startsWith("stuck")) {
                        release.await();
                    }
                    return value;
                })
                .to(collected.sink());
        try (RunningPipeline running = PipelineRunner.create()
                .workers(2)
                .commitInterval(Duration.ofMillis(100))
                .start(pipeline)) {
            broker.send(topic, 0, "stuck", "behind it");
            String member = member(group);
            long end =
                    System.nanoTime() + GROUP_WAITS.multipliedBy(5).dividedBy(4).toNanos();
            int others = 0;
            while (System.nanoTime() - end < 0) {
                int count = ++others;
                broker.send(topic, 1, "other" + count);
                Collected.await(
                        "the other partition goes on",
                        () -> collected.size() == count
                                && Long.valueOf(count)
                                        .equals(broker.committed(group, topic).get(1)),
                        running::explain);
            }
            assertThat(member(group)).as("the same member as before").isEqualTo(member);
            assertThat(broker.committed(group, topic)).doesNotContainEntry(0, 1L);
            release.countDown();
            int all = others + 2;
            Collected.await("all are written", () -> collected.size() == all, running::explain);
            assertThat(running.stats().recordsRead()).as("none was read twice").isEqualTo(all);
            assertThat(running.stats().lateAcknowledgements()).isZero();
        } finally {
            release.countDown();
        }
        assertThat(broker.committed(group, topic)).containsEntry(0, 2L);
    }

    private Kafka kafka(Protocol protocol) {
        return broker.kafka().with("metadata.max.age.ms", 1_000).with(protocol.properties());
    }

    private KafkaConsumer<byte[], byte[]> plain(Protocol protocol, String group) {
        Map<String, Object> config = new HashMap<>(protocol.properties());
        config.put("bootstrap.servers", broker.servers());
        config.put("group.id", group);
        config.put("enable.auto.commit", false);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private RunningPipeline start(Protocol protocol, String topic, String group, long seed) {
        return start(protocol, topic, group, new SlowSink(seed));
    }

    private RunningPipeline start(Protocol protocol, String topic, String group, SlowSink sink) {
        return PipelineRunner.create()
                .commitInterval(Duration.ofMillis(100))
                .revokeTimeout(Duration.ofMinutes(1))
                .drainTimeout(Duration.ofMinutes(1))
                .start(Pipeline.named(group)
                        .from(kafka(protocol).source(topic, Serdes.String()))
                        .to(sink));
    }

    /** Takes its time to write, so that rebalances find records in flight. */
    private final class SlowSink implements Sink<String> {

        private final Random random;
        private final Set<Write> waiting = new LinkedHashSet<>();
        private long answered;
        private boolean isHeld;

        SlowSink(long seed) {
            random = new Random(seed);
        }

        @Override
        public SinkWriter<String> open(StageContext context) {
            return this::begin;
        }

        private synchronized CompletableFuture<WriteResult> begin(List<PipelineRecord<String>> batch) {
            Write write = new Write(batch);
            if (isHeld) {
                collected.add(batch);
            } else {
                waiting.add(write);
                CompletableFuture.delayedExecutor(random.nextInt(20), TimeUnit.MILLISECONDS)
                        .execute(() -> end(write));
            }
            return write.answer;
        }

        private synchronized void end(Write write) {
            if (waiting.remove(write)) {
                collected.add(write.batch);
                answered += write.batch.size();
                write.answer.complete(WriteResult.written());
            }
        }

        /** From now on it writes at once, what is under way included, and answers no more. */
        synchronized void hold() {
            isHeld = true;
            waiting.forEach(write -> collected.add(write.batch));
            waiting.clear();
        }

        synchronized long answered() {
            return answered;
        }
    }

    private static final class Write {

        private final List<PipelineRecord<String>> batch;
        private final CompletableFuture<WriteResult> answer = new CompletableFuture<>();

        Write(List<PipelineRecord<String>> batch) {
            this.batch = batch;
        }
    }

    /** Values {@code key:n}, n ascending with each key, a key always in the same partition. */
    private void send(String topic, int count) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int n = sent.getAndIncrement();
            values.add("k" + n % KEYS + ":" + n / KEYS);
        }
        broker.spread(topic, values);
    }

    private void awaitEnd(String group, String topic, List<RunningPipeline> members) {
        Collected.await(
                "all is committed",
                () -> broker.committed(group, topic).values().stream()
                                .mapToLong(offset -> offset)
                                .sum()
                        == sent.get(),
                () -> broker.committed(group, topic) + " of " + sent + " "
                        + members.stream().map(RunningPipeline::explain).toList());
    }

    private static int partitions(RunningPipeline running) {
        return running.stats().partitions().size();
    }

    /** Each number once, and ascending. */
    private void assertEachKeyInOrder(String what) {
        Map<String, List<Integer>> numbers = new HashMap<>();
        for (String value : collected.values()) {
            int colon = value.indexOf(':');
            numbers.computeIfAbsent(value.substring(0, colon), key -> new ArrayList<>())
                    .add(Integer.valueOf(value.substring(colon + 1)));
        }
        List<Integer> all = IntStream.range(0, sent.get() / KEYS).boxed().toList();
        assertThat(numbers)
                .as(what)
                .hasSize(KEYS)
                .allSatisfy((key, written) -> assertThat(written).as(key).isEqualTo(all));
    }

    private Map<String, String> lastOfEachKey() {
        Map<String, String> last = new HashMap<>();
        for (PipelineRecord<String> record : collected.records()) {
            last.put(record.value().substring(0, record.value().indexOf(':')), record.value());
        }
        return last;
    }

    private String member(String group) {
        List<String> members = new ArrayList<>();
        Collected.await(
                "the group has its member",
                () -> {
                    members.clear();
                    broker.admin(admin -> admin.describeConsumerGroups(List.of(group))
                                    .describedGroups()
                                    .get(group)
                                    .get())
                            .members()
                            .forEach(member -> members.add(member.consumerId()));
                    return members.size() == 1;
                },
                () -> members);
        return members.get(0);
    }

    private static String last(List<String> events) {
        return events.get(events.size() - 1);
    }

    private static void commit(Reading<?> reading, Map<String, Long> frontier) {
        try {
            reading.reader.commit(frontier);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void pollQuietly(Reading<?> reading) {
        try {
            reading.poll();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static {
        // Kafka's clients say much at INFO that a test log is better without.
        java.util.logging.Logger.getLogger("org.apache.kafka").setLevel(java.util.logging.Level.WARNING);
    }
}
