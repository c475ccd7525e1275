package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.faults.EventRow.Region;
import dev.millrace.faults.Load.Sent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Sound evidence passes; tampered with in one place, it fails the check of just that invariant, by its number. */
class EvidenceTest {

    private static final TopicPartition LEFT = new TopicPartition("events", 0);
    private static final TopicPartition RIGHT = new TopicPartition("events", 1);
    /** A key with a region and one without. */
    private static final String KNOWN = "k1";

    private static final String UNKNOWN = "k150";

    private final Map<TopicPartition, NavigableMap<Long, Sent>> sent = new HashMap<>();
    private final Set<EventRow> rows = new HashSet<>();
    private final Map<String, Long> latest = new HashMap<>();
    private final List<Evidence.Letter> letters = new ArrayList<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();

    /** Of two processes, of which the first was killed when the second commit had not arrived. */
    private final List<Journal.Line> first = new ArrayList<>();

    private final List<Journal.Line> second = new ArrayList<>();

    EvidenceTest() {
        for (int seq = 1; seq <= 4; seq++) {
            store(LEFT, KNOWN, seq);
            store(RIGHT, UNKNOWN, seq);
        }
        Event poisoned = event(KNOWN, 5).poisoned();
        send(LEFT, poisoned);
        letters.add(new Evidence.Letter(LEFT, 4, poisoned.json()));
        committed.put(LEFT, 5L);
        committed.put(RIGHT, 4L);
        write(first, KNOWN, 1);
        note(first, "commit");
        write(first, UNKNOWN, 1);
        note(first, "commit");
        write(first, KNOWN, 2);
        note(first, "commit");
        write(second, KNOWN, 2);
        write(second, UNKNOWN, 2);
    }

    private static Event event(String key, int seq) {
        return Event.of(key, seq, key + "-" + seq, "");
    }

    private void store(TopicPartition partition, String key, int seq) {
        Event event = event(key, seq);
        send(partition, event);
        rows.add(EventRow.of(event, Region.of(key)));
        latest.put(key, (long) seq);
    }

    private void send(TopicPartition partition, Event event) {
        NavigableMap<Long, Sent> events = sent.computeIfAbsent(partition, p -> new TreeMap<>());
        events.put((long) events.size(), new Sent(event, event.json()));
    }

    private static void write(List<Journal.Line> journal, String key, int seq) {
        journal.add(new Journal.Line("attempt", 0, key, seq));
        journal.add(new Journal.Line("ack", 0, key, seq));
    }

    private static void note(List<Journal.Line> journal, String event) {
        journal.add(new Journal.Line("event", 0, event, 0));
    }

    private Oracle.Verdict judge() {
        return new Evidence(sent, rows, latest, letters).judge(List.of(first, second));
    }

    private void checkCommitted() {
        new Evidence(sent, rows, latest, letters).checkCommitted(committed, "now");
    }

    private static void assertCaught(String invariant, ThrowingCallable check) {
        assertThatThrownBy(check).isInstanceOf(AssertionError.class).hasMessageContaining(invariant);
    }

    private static EventRow row(String key, int seq) {
        return EventRow.of(event(key, seq), Region.of(key));
    }

    @Test
    void shouldPassWhatIsSound() {
        checkCommitted();
        assertThat(judge()).isEqualTo(new Oracle.Verdict(9, 1, 1));
        Evidence.checkNothingGoesBack(committed, committed, "now");
        Replays.check(List.of(first, second), 0);
    }

    @Test
    void shouldSeeThatARowIsLost() {
        rows.remove(row(UNKNOWN, 3));

        assertCaught("I1 lost", this::judge);
    }

    @Test
    void shouldSeeThatADeadLetterIsLost() {
        letters.clear();

        assertCaught("I1 lost", this::judge);
    }

    @Test
    void shouldSeeThatADeadLetterIsNotAsItWasSent() {
        letters.set(0, new Evidence.Letter(LEFT, 4, "{}".getBytes(StandardCharsets.UTF_8)));

        assertCaught("I1 the dead letter of events-0@4", this::judge);
    }

    @Test
    void shouldSeeADeadLetterOfNothing() {
        letters.add(new Evidence.Letter(RIGHT, 77, letters.get(0).value()));

        assertCaught("I1 the dead letter of events-1@77", this::judge);
    }

    @Test
    void shouldSeeThatARowIsNotAsItWasSent() {
        rows.remove(row(KNOWN, 3));
        rows.add(EventRow.of(Event.of(KNOWN, 3, "another", ""), Region.of(KNOWN)));

        assertCaught("I1 lost", this::judge);
    }

    @Test
    void shouldSeeARowThatWasNeverSent() {
        rows.add(row(UNKNOWN, 99));

        assertCaught("I1 rows that were never sent", this::judge);
    }

    @Test
    void shouldSeeARowOfWhatIsPoisoned() {
        rows.add(EventRow.of(event(KNOWN, 5).poisoned(), Region.of(KNOWN)));

        assertCaught("I1 rows that were never sent", this::judge);
    }

    @Test
    void shouldSeeThatARowWasNotJoined() {
        rows.remove(row(KNOWN, 3));
        rows.add(EventRow.of(event(KNOWN, 3), Optional.empty()));

        assertCaught("I1 lost", this::judge);
    }

    @Test
    void shouldSeeThatWhatIsNoRowIsCommitted() {
        rows.remove(row(UNKNOWN, 4));

        assertCaught("I2 now: committed up to 4 of events-1", this::checkCommitted);
        // At the committed offset and beyond it, that is no breach.
        committed.put(RIGHT, 3L);
        checkCommitted();
    }

    @Test
    void shouldSeeThatWhatIsNoDeadLetterIsCommitted() {
        letters.clear();

        assertCaught("I2 now: committed up to 5 of events-0", this::checkCommitted);
    }

    @Test
    void shouldSeeThatTheLatestOfAKeyWasSetBack() {
        latest.put(KNOWN, 3L);

        assertCaught("I3 the last event", this::judge);
    }

    @Test
    void shouldSeeThatAFirstAttemptOvertakes() {
        write(second, KNOWN, 4);
        write(second, KNOWN, 3);

        assertCaught("I3 first attempt of key " + KNOWN, this::judge);
    }

    @Test
    void shouldTakeASecondAttemptForNone() {
        write(second, KNOWN, 4);
        write(second, KNOWN, 2);

        assertThat(judge().duplicates()).isEqualTo(2);
    }

    @Test
    void shouldSeeThatMoreCameAgainThanWasCommittedTooLate() {
        first.addAll(
                2,
                Stream.of("commit", "commit", "commit")
                        .map(name -> new Journal.Line("event", 0, name, 0))
                        .toList());
        Replays.check(List.of(first, second), 0);
        write(second, KNOWN, 1);
        write(second, UNKNOWN, 1);

        assertCaught("I5 rows of a killed process", () -> Replays.check(List.of(first, second), 0));
        // That much might have been in flight.
        Replays.check(List.of(first, second), 1);
    }

    @Test
    void shouldSeeThatARowWasWrittenTwiceWithoutAFault() {
        write(second, UNKNOWN, 2);

        assertCaught("I5 who wrote k150@2 before", () -> Replays.check(List.of(first, second), 100));
    }

    @Test
    void shouldSeeThatMoreCameAgainAfterALossThanWasInFlight() {
        Stream.of("commit", "commit", "commit", "lost").forEach(event -> note(second, event));
        write(second, UNKNOWN, 2);
        Stream.of("commit", "commit", "commit").forEach(event -> note(second, event));

        assertCaught("I5 rows of a killed process", () -> Replays.check(List.of(first, second), 0));
        Replays.check(List.of(first, second), 1);
    }

    @Test
    void shouldSeeThatAnOffsetWentBackOrIsGone() {
        assertCaught(
                "I9 now: the committed offset of events-1",
                () -> Evidence.checkNothingGoesBack(committed, Map.of(LEFT, 5L, RIGHT, 3L), "now"));
        assertCaught(
                "I9 now: the committed offset of events-1",
                () -> Evidence.checkNothingGoesBack(committed, Map.of(LEFT, 5L), "now"));
    }
}
