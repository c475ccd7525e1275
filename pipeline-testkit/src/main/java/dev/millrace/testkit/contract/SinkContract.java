package dev.millrace.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What a {@link Sink} promises, as tests that its own test class inherits:
 *
 * <pre>{@code
 * class MySinkTest extends SinkContract<Row> {
 *     @Override
 *     protected Sink<Row> sink() {
 *         return MySink.at(place);
 *     }
 *
 *     @Override
 *     protected Row value(int number) {
 *         return new Row(number, "row " + number);
 *     }
 *
 *     @Override
 *     protected Collection<Row> stored() {
 *         return MySink.read(place);
 *     }
 * }
 * }</pre>
 *
 * <p>Each test needs a place of its own that is empty at first, as JUnit makes an instance of the class for each. What
 * not every sink can do, a class says by overriding {@link #replaces}, {@link #keepsOrder}, {@link #successor},
 * {@link #refused} and {@link #outage}; the tests of what it does not say are skipped.
 *
 * <p>Not covered, since it takes the system behind the sink: that what was written survives a crash of it, that nothing
 * blocks the calling thread, what happens to what is under way when the JVM dies, credentials, and how fast it is.
 *
 * <p>Not thread-safe; a class runs its tests one at a time.
 *
 * @param <T> type of the values
 */
public abstract class SinkContract<T> extends Contract {

    private static final int MANY = 3_000;
    private static final int REFUSED = 3;
    private static final String PARTITION = "contract-0";
    /** In microseconds, as the engine gives them. */
    private static final long FIRST_WRITE = 1_700_000_000_000_000L;

    private static final String ONE_AT_A_TIME = "this writer takes one batch at a time";

    private long written;

    /** For those who inherit it. */
    protected SinkContract() {}

    /** The sink; each call of one test gives one that writes to the same place. */
    protected abstract Sink<T> sink() throws Exception;

    /** A value for each number from 0 to 9,999, another one for each; where values have keys, another key for each. */
    protected abstract T value(int number) throws Exception;

    /** What the place holds, in the order of writing where the sink {@linkplain #keepsOrder keeps} it. */
    protected abstract Collection<T> stored() throws Exception;

    /** Whether a value that is written again takes its own place, as a row with a key does; by default not. */
    protected boolean replaces() {
        return false;
    }

    /** Whether {@link #stored} has the values in the order in which they were written; by default not. */
    protected boolean keepsOrder() {
        return false;
    }

    /** A value that takes the place of the one with that number; none where none does. */
    protected Optional<T> successor(int number) throws Exception {
        return Optional.empty();
    }

    /** A value that the sink refuses, for what it is; none where it takes all there are. */
    protected Optional<T> refused() throws Exception {
        return Optional.empty();
    }

    /** How the system behind the sink is taken away; none where that is not possible. */
    protected Optional<Outage> outage() {
        return Optional.empty();
    }

    @Test
    @DisplayName("Once a batch is answered it is stored, not only when the writer is closed.")
    final void shouldHaveStoredABatchWhenItIsAnswered() throws Exception {
        try (SinkWriter<T> writer = open()) {
            assertWritten(writer, values(0, 10));

            assertStored(values(0, 10));
        }
        assertStored(values(0, 10));
    }

    @Test
    @DisplayName("A batch may be of one record, and of thousands.")
    final void shouldStoreABatchWhateverItsSize() throws Exception {
        try (SinkWriter<T> writer = open()) {
            assertWritten(writer, values(0, 1));
            assertWritten(writer, values(1, MANY));
        }
        assertStored(values(0, MANY));
    }

    @Test
    @DisplayName("Who opens it next goes on with what is stored.")
    final void shouldAddToWhatIsStoredWhenItIsOpenedAgain() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (SinkWriter<T> writer = open()) {
                assertWritten(writer, values(i * 5, i * 5 + 5));
            }
        }
        assertStored(values(0, 15));
    }

    @Test
    @DisplayName("What is written again, after a failure or a restart, is stored: once where it replaces, else twice.")
    final void shouldStoreABatchThatComesAgain() throws Exception {
        List<PipelineRecord<T>> batch = records(values(0, 5));
        try (SinkWriter<T> writer = open()) {
            assertWritten(writer.write(batch));
            assertWritten(writer.write(batch));
        }
        List<T> expected = values(0, 5);
        if (!replaces()) {
            expected.addAll(values(0, 5));
        }
        assertStored(expected);
    }

    @Test
    @DisplayName("Several batches may be under way where the writer says so, and each is answered.")
    final void shouldAnswerEachBatchWhenManyAreUnderWay() throws Exception {
        try (SinkWriter<T> writer = open()) {
            assumeTrue(writer.isPipelined(), ONE_AT_A_TIME);
            List<CompletionStage<WriteResult>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(writer.write(records(values(i * 20, i * 20 + 20))));
            }
            for (CompletionStage<WriteResult> answer : answers) {
                assertWritten(answer);
            }
        }
        assertStored(values(0, 1_000));
    }

    @Test
    @DisplayName("It may be closed without having written anything, and once more than needed.")
    final void shouldDoNothingWhenItIsClosedTwice() throws Exception {
        SinkWriter<T> idle = open();
        idle.close();
        idle.close();

        SinkWriter<T> used = open();
        assertWritten(used, values(0, 2));
        used.close();
        used.close();

        assertStored(values(0, 2));
    }

    @Test
    @DisplayName("A batch that comes after the end fails or is written, but is answered.")
    final void shouldAnswerWhenItIsClosed() throws Exception {
        SinkWriter<T> writer = open();
        assertWritten(writer, values(0, 1));
        writer.close();

        List<PipelineRecord<T>> late = records(values(1, 2));
        Answers.assertAnswered(() -> writer.write(late));
        writer.close();

        assertTrue(stored().contains(value(0)));
    }

    @Test
    @DisplayName("What is under way when it is closed, for the time to drain has run out, is answered.")
    final void shouldAnswerWhatIsUnderWayWhenItIsClosed() throws Exception {
        SinkWriter<T> writer = open();
        CompletionStage<WriteResult> answer = writer.write(records(values(0, MANY)));
        writer.close();

        Answers.assertAnswered(() -> answer);
    }

    @Test
    @DisplayName("A thread that is interrupted stays so, its batch is answered, and the next one is written.")
    final void shouldGoOnWhenTheThreadIsInterrupted() throws Exception {
        try (SinkWriter<T> writer = open()) {
            List<PipelineRecord<T>> batch = records(values(0, 3));
            assertWritten(Answers.askedWhileInterrupted(() -> writer.write(batch)));
            assertWritten(writer, values(3, 6));
        }
        assertStored(values(0, 6));
    }

    @Test
    @DisplayName("In a pipeline each record is stored, whatever the stages before it throw, drop and wait for.")
    final void shouldStoreWhatAPipelineGivesIt() throws Exception {
        List<T> values = values(0, MANY);
        Set<T> failing = every(7, values);
        Set<T> dropped = every(11, values);

        ContractPipelines.run(Pipeline.named("contract")
                .from(ContractPipelines.spread(values))
                .map(
                        value -> {
                            if (failing.contains(value)) {
                                throw new IllegalStateException("made by the contract");
                            }
                            return value;
                        },
                        StageOptions.with().onFailure(FailurePolicy.skip()))
                .filter(value -> !dropped.contains(value))
                .to(sink()));

        values.removeAll(failing);
        values.removeAll(dropped);
        assertHolds(values);
    }

    @Test
    @DisplayName("In a pipeline the order of a partition is kept, also with batches of one record.")
    final void shouldKeepTheOrderOfAPartition() throws Exception {
        List<T> values = values(0, 200);

        ContractPipelines.run(Pipeline.named("contract")
                .from(Sources.of(values))
                .to(sink(), StageOptions.with().batch(BatchPolicy.upTo(1))));

        assertStored(values);
    }

    @Nested
    @DisplayName("Where values take the place of others")
    class Replacing {

        @BeforeEach
        void findSuccessor() throws Exception {
            assumeTrue(successor(0).isPresent(), "no value takes the place of another one here");
        }

        @Test
        @DisplayName("The last one that was written stays.")
        void shouldKeepTheLast() throws Exception {
            try (SinkWriter<T> writer = open()) {
                assertWritten(writer, values(0, 2));
                assertWritten(writer, List.of(later()));
            }
            assertHolds(List.of(later(), value(1)));
        }

        @Test
        @DisplayName("The last one of a batch stays.")
        void shouldKeepTheLastOfABatch() throws Exception {
            try (SinkWriter<T> writer = open()) {
                assertWritten(writer, List.of(value(0), value(1), later()));
            }
            assertHolds(List.of(later(), value(1)));
        }

        @Test
        @DisplayName("Of batches that are under way at once the last one stays, also when an earlier one comes again.")
        void shouldKeepTheLastWhenAnEarlierOneComesAgain() throws Exception {
            try (SinkWriter<T> writer = open()) {
                assumeTrue(writer.isPipelined(), ONE_AT_A_TIME);
                List<PipelineRecord<T>> earlier = records(values(0, 2));
                List<PipelineRecord<T>> last = records(List.of(later()));
                CompletionStage<WriteResult> first = writer.write(earlier);
                CompletionStage<WriteResult> second = writer.write(last);
                assertWritten(first);
                assertWritten(second);
                assertWritten(writer.write(earlier));
            }
            assertHolds(List.of(later(), value(1)));
        }

        private T later() throws Exception {
            return successor(0).orElseThrow();
        }
    }

    @Nested
    @DisplayName("Where a record can be refused")
    class Refusing {

        @BeforeEach
        void findRefused() throws Exception {
            assumeTrue(refused().isPresent(), "nothing is refused here");
        }

        @Test
        @DisplayName(
                "It alone is named, and the others are stored; or the batch fails as a whole, which blames nobody yet.")
        void shouldNameItOrFail() throws Exception {
            Optional<Map<Integer, Throwable>> failures;
            try (SinkWriter<T> writer = open()) {
                failures = failures(writer, withRefused());
            }
            if (failures.isPresent()) {
                assertEquals(Set.of(REFUSED), failures.get().keySet(), "indexes of those that failed");
                assertHolds(values(0, 6));
            }
        }

        @Test
        @DisplayName("By itself it fails, and the writer goes on.")
        void shouldGoOnBehindIt() throws Exception {
            try (SinkWriter<T> writer = open()) {
                Optional<Map<Integer, Throwable>> failures =
                        failures(writer, List.of(refused().orElseThrow()));
                assertTrue(failures.isEmpty() || failures.get().keySet().equals(Set.of(0)), "it was written");
                assertWritten(writer, values(0, 3));
            }
            assertHolds(values(0, 3));
        }

        @Test
        @DisplayName("In a pipeline it alone becomes a dead letter, and all others are stored.")
        void shouldGiveUpItAlone() throws Exception {
            List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());

            ContractPipelines.run(Pipeline.named("contract")
                    .from(ContractPipelines.spread(withRefused()))
                    .to(sink(), StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.into(letters)))));

            assertEquals(1, letters.size(), "dead letters");
            assertEquals(
                    Answers.counted(values(0, 6)).keySet(),
                    Answers.counted(stored()).keySet());
        }

        private List<T> withRefused() throws Exception {
            List<T> values = values(0, 6);
            values.add(REFUSED, refused().orElseThrow());
            return values;
        }

        /** Of which records and why; empty where the batch failed as a whole. */
        private Optional<Map<Integer, Throwable>> failures(SinkWriter<T> writer, List<T> batch) {
            try {
                return Optional.of(Answers.await(writer.write(records(batch))).failures());
            } catch (UnavailableException unavailable) {
                throw new AssertionError("a record is to blame, and would come again without end", unavailable);
            } catch (Exception asAWhole) {
                return Optional.empty();
            }
        }
    }

    @Nested
    @DisplayName("While the system behind it is away")
    class Unavailable {

        @Test
        @DisplayName(
                "A batch fails as unavailable, so that no record is blamed; in a pipeline it is stored afterwards.")
        void shouldBlameNoRecord() throws Exception {
            Outage outage = outage().orElse(null);
            assumeTrue(outage != null, "the system behind the sink cannot be taken away");
            try (SinkWriter<T> writer = open()) {
                assertWritten(writer, values(0, 2));
                List<PipelineRecord<T>> batch = records(values(2, 4));
                outage.begin();
                try {
                    assertThrows(UnavailableException.class, () -> Answers.await(writer.write(batch)));
                } finally {
                    outage.end();
                }
            }

            ContractPipelines.run(Pipeline.named("contract")
                    .from(ContractPipelines.spread(values(2, 6)))
                    .to(sink(), StageOptions.with().onFailure(FailurePolicy.skip())));
            assertEquals(
                    Answers.counted(values(0, 6)).keySet(),
                    Answers.counted(stored()).keySet());
        }
    }

    private SinkWriter<T> open() throws Exception {
        return sink().open(context("sink"));
    }

    private List<T> values(int from, int to) throws Exception {
        List<T> values = new ArrayList<>();
        for (int i = from; i < to; i++) {
            values.add(value(i));
        }
        return values;
    }

    /** As the engine would hand them over. */
    private List<PipelineRecord<T>> records(List<T> values) {
        return values.stream()
                .map(value ->
                        PipelineRecord.of(value, PARTITION, written).forSink(null, value, FIRST_WRITE + written++))
                .toList();
    }

    private void assertWritten(SinkWriter<T> writer, List<T> values) throws Exception {
        assertWritten(writer.write(records(values)));
    }

    private static void assertWritten(CompletionStage<WriteResult> answer) throws Exception {
        assertEquals(Map.of(), Answers.await(answer).failures(), "records that were not written");
    }

    /** These, each once, and nothing else; in this order where the sink keeps it. */
    private void assertStored(List<T> values) throws Exception {
        if (keepsOrder()) {
            assertEquals(values, List.copyOf(stored()));
        } else {
            assertHolds(values);
        }
    }

    private void assertHolds(List<T> values) throws Exception {
        assertEquals(Answers.counted(values), Answers.counted(stored()));
    }

    private static <T> Set<T> every(int step, List<T> values) {
        return IntStream.range(0, values.size() / step)
                .mapToObj(i -> values.get(i * step))
                .collect(Collectors.toSet());
    }
}
