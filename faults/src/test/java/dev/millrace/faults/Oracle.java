package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

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
 * Judges by what is committed, stored and noted, read with clients that are not the library's. The numbers are those of
 * the invariants in docs/guarantees.md.
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
        // What is committed has been sent, but the load may not have heard so yet.
        load.flush();
        Set<String> rows = rows();
        Map<TopicPartition, Set<Long>> letters = deadLetters();
        committed.forEach((partition, offset) -> {
            List<String> missing = new ArrayList<>();
            load.sent().get(partition).headMap(offset).forEach((at, sent) -> {
                if (!isStored(partition, at, sent, rows, letters)) {
                    missing.add(partition + "@" + at);
                }
            });
            assertThat(missing)
                    .as("I2 %s: committed up to %s of %s, but neither a row nor a dead letter", when, offset, partition)
                    .isEmpty();
        });
        return sum(committed);
    }

    /** I9, at any time. */
    Map<TopicPartition, Long> checkNothingGoesBack(String when) throws Exception {
        Map<TopicPartition, Long> committed = committed();
        committed.forEach((partition, offset) -> assertThat(offset)
                .as("I9 %s: the committed offset of %s", when, partition)
                .isGreaterThanOrEqualTo(committedBefore.getOrDefault(partition, 0L)));
        committedBefore.putAll(committed);
        return committed;
    }

    private static boolean isStored(
            TopicPartition partition,
            long offset,
            Sent sent,
            Set<String> rows,
            Map<TopicPartition, Set<Long>> letters) {
        return sent.isPoisoned()
                ? letters.getOrDefault(partition, Set.of()).contains(offset)
                : rows.contains(row(sent.event()));
    }

    /** I1, I3 and I5, after all has been committed and everything has stopped. */
    Verdict judge(List<List<Journal.Line>> journals) throws Exception {
        Set<String> rows = rows();
        Map<TopicPartition, Set<Long>> letters = deadLetters();
        List<String> lost = new ArrayList<>();
        Map<String, Long> lastSound = new HashMap<>();
        Set<String> expectedRows = new HashSet<>();
        load.sent()
                .forEach((partition, events) -> events.forEach((offset, sent) -> {
                    if (!isStored(partition, offset, sent, rows, letters)) {
                        lost.add(partition + "@" + offset);
                    }
                    if (!sent.isPoisoned()) {
                        expectedRows.add(row(sent.event()));
                        lastSound.merge(sent.event().key(), sent.event().seq(), Math::max);
                    }
                }));
        assertThat(lost).as("I1 lost").isEmpty();
        // Not by isSubsetOf, which compares each with each.
        rows.removeAll(expectedRows);
        assertThat(rows).as("I1 rows that were never sent").isEmpty();
        assertThat(latest()).as("I3 the last event of each key").isEqualTo(lastSound);
        journals.forEach(Oracle::checkOrder);
        long count = letters.values().stream().mapToLong(Set::size).sum();
        return new Verdict(load.count(), count, duplicates(journals));
    }

    /** I3: within a process, the first attempts of a key's events ascend. */
    private static void checkOrder(List<Journal.Line> journal) {
        Map<String, Long> highest = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (Journal.Line line : journal) {
            if (line.what().equals("attempt") && seen.add(line.key() + '@' + line.seq())) {
                assertThat(line.seq())
                        .as("I3 first attempt of key %s", line.key())
                        .isGreaterThan(highest.getOrDefault(line.key(), 0L));
                highest.put(line.key(), line.seq());
            }
        }
    }

    private static long duplicates(List<List<Journal.Line>> journals) {
        Set<String> seen = new HashSet<>();
        long duplicates = 0;
        for (List<Journal.Line> journal : journals) {
            for (Journal.Line line : journal) {
                if (line.what().equals("ack") && !seen.add(line.key() + '@' + line.seq())) {
                    duplicates++;
                }
            }
        }
        return duplicates;
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

    Set<String> rows() {
        Set<String> rows = new HashSet<>();
        for (Row row : session.execute("SELECT key, seq, id, crc FROM faults." + name)) {
            rows.add(row.getString(0) + '|' + row.getLong(1) + '|' + row.getString(2) + '|' + row.getLong(3));
        }
        return rows;
    }

    private static String row(Event event) {
        return event.key() + '|' + event.seq() + '|' + event.id() + '|' + event.crc();
    }

    private Map<String, Long> latest() {
        Map<String, Long> latest = new HashMap<>();
        for (Row row : session.execute("SELECT key, seq FROM faults." + name + "_latest")) {
            latest.put(row.getString(0), row.getLong(1));
        }
        return latest;
    }

    /** By their headers where the dead letters come from; each must hold the very bytes that were sent there. */
    Map<TopicPartition, Set<Long>> deadLetters() {
        List<ConsumerRecord<byte[], byte[]>> all = readDeadLetters();
        load.flush();
        Map<TopicPartition, Set<Long>> letters = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> letter : all) {
            TopicPartition partition =
                    new TopicPartition(header(letter, "topic"), Integer.parseInt(header(letter, "partition")));
            long offset = Long.parseLong(header(letter, "offset"));
            assertThat(load.sent().get(partition).get(offset).isByteIdentical(letter.value()))
                    .as("I1 the dead letter of %s@%s holds the bytes that were sent", partition, offset)
                    .isTrue();
            letters.computeIfAbsent(partition, p -> new HashSet<>()).add(offset);
        }
        return letters;
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
