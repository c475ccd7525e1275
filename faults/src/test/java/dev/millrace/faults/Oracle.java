package dev.millrace.faults;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.millrace.faults.Load.Sent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Gathers what is committed and stored, read with clients that are not the library's, for {@link Evidence} to judge.
 * The numbers are those of the invariants in docs/guarantees.md.
 */
final class Oracle {

    private static final int PATIENCE_SECONDS = 60;

    private final Admin admin;
    private final String bootstrapServers;
    private final CqlSession session;
    private final Load load;
    private final String name;
    private final Map<TopicPartition, Long> committedBefore = new HashMap<>();

    Oracle(Admin admin, String bootstrapServers, CqlSession session, Load load, String name) {
        this.admin = admin;
        this.bootstrapServers = bootstrapServers;
        this.session = session;
        this.load = load;
        this.name = name;
    }

    /**
     * What a whole run came to.
     *
     * @param records events that Kafka had
     * @param deadLetters events found as dead letters
     * @param duplicates acknowledgements of the sink beyond the first for an event
     */
    record Verdict(long records, long deadLetters, long duplicates) {}

    /**
     * I2 and I9 with nobody running: each event below a committed offset is in the table or a dead letter, and no
     * offset has gone back.
     *
     * @return the sum of the committed offsets
     */
    long checkFrozenState(String when) throws Exception {
        Map<TopicPartition, Long> committed = checkNothingGoesBack(when);
        evidence().checkCommitted(committed, when);
        return sum(committed);
    }

    /** I9, at any time. */
    Map<TopicPartition, Long> checkNothingGoesBack(String when) throws Exception {
        Map<TopicPartition, Long> committed = committed();
        Evidence.checkNothingGoesBack(committedBefore, committed, when);
        committedBefore.putAll(committed);
        return committed;
    }

    /** I1 and I3, after all has been committed and everything has stopped. */
    Verdict judge(List<List<Journal.Line>> journals) {
        return evidence().judge(journals);
    }

    /** As it is now, with what the load may not have heard yet that it was sent. */
    private Evidence evidence() {
        load.flush();
        Map<TopicPartition, NavigableMap<Long, Sent>> sent = new HashMap<>(load.sent());
        sent.putAll(load.cutOff());
        return new Evidence(sent, rows(), latest(), letters());
    }

    void awaitAllCommitted(Duration limit, Supplier<String> otherwise) throws Exception {
        load.flush();
        awaitCommitted(load.count(), limit, otherwise);
    }

    void awaitCommitted(long offsets, Duration limit, Supplier<String> otherwise) throws Exception {
        Await.until(
                "a commit of " + offsets,
                limit,
                () -> "committed " + describe() + "\n" + otherwise.get(),
                () -> sum(committed()) >= offsets);
    }

    /** Until each partition is committed up to there. */
    void awaitCommittedAll(Map<TopicPartition, Long> ends, Duration limit, Supplier<String> otherwise)
            throws Exception {
        Await.until("a commit of " + ends, limit, () -> "committed " + describe() + "\n" + otherwise.get(), () -> {
            Map<TopicPartition, Long> committed = committed();
            return ends.entrySet().stream().allMatch(end -> committed.getOrDefault(end.getKey(), 0L) >= end.getValue());
        });
    }

    private String describe() {
        try {
            return committed() + " of " + load.count();
        } catch (Exception e) {
            return e.toString();
        }
    }

    Map<TopicPartition, Long> committed() throws Exception {
        Map<TopicPartition, Long> committed = new HashMap<>();
        commits().forEach((partition, offset) -> committed.put(partition, offset.offset()));
        return committed;
    }

    private Map<TopicPartition, OffsetAndMetadata> commits() throws Exception {
        return admin.listConsumerGroupOffsets(Map.of(name, new ListConsumerGroupOffsetsSpec()))
                .partitionsToOffsetAndMetadata(name)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** What goes with the committed offsets. */
    Map<TopicPartition, String> metadata() throws Exception {
        Map<TopicPartition, String> metadata = new HashMap<>();
        commits().forEach((partition, offset) -> metadata.put(partition, offset.metadata()));
        return metadata;
    }

    static long sum(Map<TopicPartition, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }

    private Set<EventRow> rows() {
        Set<EventRow> rows = new HashSet<>();
        for (Row row : session.execute("SELECT key, seq, id, crc, region FROM faults." + name)) {
            rows.add(new EventRow(
                    row.getString(0),
                    row.getLong(1),
                    row.getString(2),
                    row.getLong(3),
                    Optional.ofNullable(row.getString(4))));
        }
        return rows;
    }

    private Map<String, Long> latest() {
        Map<String, Long> latest = new HashMap<>();
        for (Row row : session.execute("SELECT key, seq FROM faults." + name + "_latest")) {
            latest.put(row.getString(0), row.getLong(1));
        }
        return latest;
    }

    List<Evidence.Letter> letters() {
        return readDeadLetters().stream()
                .map(letter -> new Evidence.Letter(
                        new TopicPartition(header(letter, "topic"), Integer.parseInt(header(letter, "partition"))),
                        Long.parseLong(header(letter, "offset")),
                        letter.value()))
                .toList();
    }

    /** Why there are dead letters: the classes of what was thrown. */
    Set<String> deadLetterCauses() {
        return readDeadLetters().stream()
                .map(letter -> header(letter, "exception.class.name") + "\n" + header(letter, "exception.stacktrace"))
                .collect(Collectors.toSet());
    }

    private List<ConsumerRecord<byte[], byte[]>> readDeadLetters() {
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", false);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition queue = new TopicPartition(name + "-dlq", 0);
            consumer.assign(List.of(queue));
            consumer.seekToBeginning(List.of(queue));
            long end = consumer.endOffsets(List.of(queue)).get(queue);
            while (consumer.position(queue) < end) {
                consumer.poll(Duration.ofSeconds(1)).forEach(letters::add);
            }
        }
        return letters;
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String header) {
        return new String(
                letter.headers().lastHeader("__connect.errors." + header).value(), StandardCharsets.UTF_8);
    }
}
