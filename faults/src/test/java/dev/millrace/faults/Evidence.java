package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.faults.EventRow.Region;
import dev.millrace.faults.Load.Sent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * What was sent, and what is stored of it. Judged without a server at hand, so that {@link EvidenceTest} can tamper
 * with it.
 *
 * @param sent by partition and offset
 * @param rows of the table that has one for each event
 * @param latest the table with the last sequence number of each key
 */
record Evidence(
        Map<TopicPartition, NavigableMap<Long, Sent>> sent,
        Set<EventRow> rows,
        Map<String, Long> latest,
        List<Letter> letters) {

    /** A dead letter: where by its headers it comes from, and what it holds. */
    record Letter(TopicPartition partition, long offset, byte[] value) {}

    /** I9. */
    static void checkNothingGoesBack(
            Map<TopicPartition, Long> before, Map<TopicPartition, Long> committed, String when) {
        before.forEach((partition, offset) -> assertThat(committed.getOrDefault(partition, 0L))
                .as("I9 %s: the committed offset of %s", when, partition)
                .isGreaterThanOrEqualTo(offset));
    }

    /** I2: each event below a committed offset is a row or a dead letter. */
    void checkCommitted(Map<TopicPartition, Long> committed, String when) {
        Map<TopicPartition, Set<Long>> refused = refused();
        committed.forEach((partition, offset) -> {
            List<String> missing = new ArrayList<>();
            sent.getOrDefault(partition, new TreeMap<>()).headMap(offset, false).forEach((at, event) -> {
                if (!isStored(partition, at, event, refused)) {
                    missing.add(partition + "@" + at);
                }
            });
            assertThat(missing)
                    .as("I2 %s: committed up to %s of %s, but neither a row nor a dead letter", when, offset, partition)
                    .isEmpty();
        });
    }

    /** I1 and I3, after all has been committed and everything has stopped. */
    Oracle.Verdict judge(List<List<Journal.Line>> journals) {
        Map<TopicPartition, Set<Long>> refused = refused();
        List<String> lost = new ArrayList<>();
        Map<String, Long> lastSound = new HashMap<>();
        Set<EventRow> unexpected = new HashSet<>(rows);
        sent.forEach((partition, events) -> events.forEach((offset, event) -> {
            if (!isStored(partition, offset, event, refused)) {
                lost.add(partition + "@" + offset);
            }
            if (!event.isPoisoned()) {
                unexpected.remove(row(event));
                lastSound.merge(event.event().key(), event.event().seq(), Math::max);
            }
        }));
        assertThat(lost).as("I1 lost").isEmpty();
        assertThat(unexpected).as("I1 rows that were never sent").isEmpty();
        assertThat(latest).as("I3 the last event of each key").isEqualTo(lastSound);
        journals.forEach(Evidence::checkOrder);
        long records = sent.values().stream().mapToLong(Map::size).sum();
        long deadLetters = refused.values().stream().mapToLong(Set::size).sum();
        return new Oracle.Verdict(records, deadLetters, duplicates(journals));
    }

    private boolean isStored(
            TopicPartition partition, long offset, Sent event, Map<TopicPartition, Set<Long>> refused) {
        return event.isPoisoned()
                ? refused.getOrDefault(partition, Set.of()).contains(offset)
                : rows.contains(row(event));
    }

    private static EventRow row(Sent sent) {
        return EventRow.of(sent.event(), Region.of(sent.event().key()));
    }

    /** What the dead letters come from; each must hold the very bytes that were sent there. */
    private Map<TopicPartition, Set<Long>> refused() {
        Map<TopicPartition, Set<Long>> refused = new HashMap<>();
        for (Letter letter : letters) {
            Sent event = sent.getOrDefault(letter.partition(), new TreeMap<>()).get(letter.offset());
            assertThat(event != null && event.isByteIdentical(letter.value()))
                    .as("I1 the dead letter of %s@%s holds the bytes that were sent", letter.partition, letter.offset)
                    .isTrue();
            refused.computeIfAbsent(letter.partition, partition -> new HashSet<>())
                    .add(letter.offset);
        }
        return refused;
    }

    /** I3: within a process, the first attempts of a key's events ascend. */
    private static void checkOrder(List<Journal.Line> journal) {
        Map<String, Long> highest = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (Journal.Line line : journal) {
            if (line.what().equals("attempt") && seen.add(line.event())) {
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
                if (line.what().equals("ack") && !seen.add(line.event())) {
                    duplicates++;
                }
            }
        }
        return duplicates;
    }
}
