package dev.millrace.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What a {@link Source} promises, as tests that its own test class inherits:
 *
 * <pre>{@code
 * class MySourceTest extends SourceContract<String> {
 *     @Override
 *     protected Source<String> source() {
 *         return MySource.at(place);
 *     }
 *
 *     @Override
 *     protected String value(int number) {
 *         return "line " + number;
 *     }
 *
 *     @Override
 *     protected void add(List<String> values) {
 *         MySource.append(place, values);
 *     }
 * }
 * }</pre>
 *
 * <p>Each test needs a place of its own that is empty at first, as JUnit makes an instance of the class for each. What
 * not every source can do, a class says by overriding {@link #hasEnd}, {@link #keepsPosition} and {@link #outage}, and
 * the source itself by {@link Source#isRepeatable}, {@link SourceReader#isPausable} and {@link SourceReader#finish};
 * the tests of what neither says are skipped.
 *
 * <p>Not covered, since it takes the system behind the source, or others that read from it: that a position survives a
 * crash of that system, partitions that come and go between several readers, records that are gone before they were
 * read, credentials, and how fast it is.
 *
 * <p>Not thread-safe; a class runs its tests one at a time.
 *
 * @param <T> type of the values
 */
public abstract class SourceContract<T> extends Contract {

    private static final int SOME = 50;
    private static final int MANY = 2_000;
    private static final int LIMIT = 7;
    private static final int WHILE = 20;
    private static final long WAKE_UP_NANOS = 10_000_000;

    private int added;

    /** For those who inherit it. */
    protected SourceContract() {}

    /** The source; each call of one test gives one that reads from the same place. */
    protected abstract Source<T> source() throws Exception;

    /** A value for each number from 0 to 9,999, another one for each. */
    protected abstract T value(int number) throws Exception;

    /**
     * Adds values behind those that are there. Called before a reader is opened; where the source has no end, also
     * while one is open, by the thread that polls.
     */
    protected abstract void add(List<T> values) throws Exception;

    /** Whether it ends after what is there when it is opened, instead of waiting for more; by default not. */
    protected boolean hasEnd() {
        return false;
    }

    /** Whether a reader goes on where a former one has committed; by default not, and each begins anew. */
    protected boolean keepsPosition() {
        return false;
    }

    /** How the system behind the source is taken away; none where that is not possible. */
    protected Optional<Outage> outage() {
        return Optional.empty();
    }

    /** For how long records are waited for that are to come. */
    Duration patience() {
        return Duration.ofMinutes(Answers.PATIENCE_MINUTES);
    }

    @Test
    @DisplayName("What is there is read, each value once, with offsets that ascend in each partition.")
    final void shouldReadWhatIsThere() throws Exception {
        List<T> values = addSome(MANY);
        try (ContractReader<T> reader = open()) {
            assertEquals(Answers.counted(values), Answers.counted(valuesOf(reader.read(MANY))));
        }
    }

    @Test
    @DisplayName("A poll returns no more records than it should.")
    final void shouldKeepToTheLimitOfAPoll() throws Exception {
        List<T> values = addSome(SOME);
        try (ContractReader<T> reader = open(LIMIT, false)) {
            assertEquals(Answers.counted(values), Answers.counted(valuesOf(reader.read(SOME))));
        }
    }

    @Test
    @DisplayName(
            "A poll that blocks returns once it is told to wake up; to tell a reader so while it does not, does no harm.")
    final void shouldReturnWhenItIsWokenUp() throws Exception {
        try (ContractReader<T> reader = open()) {
            reader.reader.wakeup();
            reader.poll();
            // Not once only: nobody knows when the poll has begun to block.
            Future<?> waking = threads.submit(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    reader.reader.wakeup();
                    LockSupport.parkNanos(WAKE_UP_NANOS);
                }
            });
            long start = System.nanoTime();
            try {
                reader.poll(Duration.ofMinutes(2L * Answers.PATIENCE_MINUTES));
            } catch (UnavailableException forNow) {
                // It has returned, too.
            }
            waking.cancel(true);

            long taken = TimeUnit.NANOSECONDS.toMinutes(System.nanoTime() - start);
            assertTrue(taken < Answers.PATIENCE_MINUTES, () -> "it took " + taken + " minutes to wake up");
        }
    }

    @Test
    @DisplayName("It may be closed without having been polled, and once more than needed.")
    final void shouldDoNothingWhenItIsClosedTwice() throws Exception {
        List<T> values = addSome(SOME);
        ContractReader<T> idle = open();
        idle.close();
        idle.close();

        ContractReader<T> used = open();
        assertEquals(Answers.counted(values), Answers.counted(valuesOf(used.read(SOME))));
        used.close();
        used.close();
    }

    @Test
    @DisplayName(
            "A thread that is interrupted gets records, or a failure; the reader can be closed, and nothing is lost.")
    final void shouldLoseNothingWhenTheThreadIsInterrupted() throws Exception {
        List<T> values = addSome(SOME);
        try (ContractReader<T> reader = open()) {
            Thread.currentThread().interrupt();
            try {
                reader.poll();
            } catch (Exception interrupted) {
                // Whoever is interrupted may give up.
            } finally {
                Thread.interrupted();
            }
        }
        try (ContractReader<T> reader = open()) {
            assertEquals(Answers.counted(values), Answers.counted(valuesOf(reader.read(SOME))));
        }
    }

    @Test
    @DisplayName("What is only looked at stays as it is: a reader of a preview leaves no trace.")
    final void shouldLeaveNoTraceOfAPreview() throws Exception {
        List<T> values = addSome(SOME);
        try (ContractReader<T> preview = open(LIMIT, true)) {
            preview.read(LIMIT);
        }
        try (ContractReader<T> reader = open()) {
            assertEquals(Answers.counted(values), Answers.counted(valuesOf(reader.read(SOME))));
        }
    }

    @Test
    @DisplayName("In a pipeline with little room every record arrives once.")
    final void shouldGiveAPipelineAllThereIs() throws Exception {
        List<T> values = addSome(MANY);
        List<T> written = Collections.synchronizedList(new ArrayList<>());

        try (RunningPipeline running = ContractPipelines.runner()
                .start(Pipeline.named("contract").from(source()).to(Sinks.into(written)))) {
            ContractPipelines.await(running, () -> written.size() >= MANY);
            running.drain();
        }
        assertEquals(Answers.counted(values), Answers.counted(written));
    }

    @Nested
    @DisplayName("Where the source has an end")
    class Ending {

        @BeforeEach
        void assume() {
            assumeTrue(hasEnd(), "this source waits for more");
        }

        @Test
        @DisplayName("It says so once all is read, and not before; and says it again.")
        void shouldSayWhenItEnds() throws Exception {
            List<T> values = addSome(SOME);
            try (ContractReader<T> reader = open(LIMIT, false)) {
                assertEquals(Answers.counted(values), Answers.counted(valuesOf(reader.readToTheEnd())));
                assertEquals(List.of(), reader.poll());
                assertTrue(reader.reader.isExhausted());
            }
        }
    }

    @Nested
    @DisplayName("Where the source waits for more")
    class Waiting {

        @BeforeEach
        void assume() {
            assumeFalse(hasEnd(), "this source ends");
        }

        @Test
        @DisplayName("While there is nothing to read, a poll returns nothing, and it is not the end.")
        void shouldWaitForMore() throws Exception {
            try (ContractReader<T> reader = open()) {
                for (int i = 0; i < WHILE; i++) {
                    assertEquals(List.of(), reader.poll());
                    assertFalse(reader.reader.isExhausted(), "it has come to its end");
                }
                List<T> values = addSome(SOME);
                assertEquals(Answers.counted(values), Answers.counted(valuesOf(reader.read(SOME))));
            }
        }

        @Test
        @DisplayName("What is added while it is read is read as well.")
        void shouldReadWhatIsAddedMeanwhile() throws Exception {
            List<T> values = addSome(SOME);
            try (ContractReader<T> reader = open(LIMIT, false)) {
                List<PipelineRecord<T>> records = new ArrayList<>(reader.read(LIMIT));
                values.addAll(addSome(SOME));
                records.addAll(reader.read(values.size() - records.size()));
                assertEquals(Answers.counted(values), Answers.counted(valuesOf(records)));
            }
        }

        @Test
        @DisplayName("Asked to finish, it hands out what is there, and ends, if it says that it will.")
        void shouldFinish() throws Exception {
            List<T> values = addSome(SOME);
            try (ContractReader<T> reader = open(LIMIT, false)) {
                List<PipelineRecord<T>> records = new ArrayList<>(reader.read(1));
                assumeTrue(reader.reader.finish(), "this source cannot be asked to finish");
                records.addAll(reader.readToTheEnd());
                assertEquals(Answers.counted(values), Answers.counted(valuesOf(records)));
            }
        }
    }

    @Nested
    @DisplayName("Where partitions can be paused")
    class Pausing {

        @Test
        @DisplayName("No record of a paused partition comes before it is resumed, and then each does.")
        void shouldHoldRecordsBack() throws Exception {
            List<T> values = addSome(SOME);
            try (ContractReader<T> reader = open(LIMIT, false)) {
                assumeTrue(reader.reader.isPausable(), "this reader cannot pause partitions");
                List<PipelineRecord<T>> records = new ArrayList<>(reader.read(1));
                Set<String> partitions = partitionsOf(records);
                reader.reader.pause(partitions);
                for (int i = 0; i < WHILE; i++) {
                    List<PipelineRecord<T>> meanwhile = reader.poll();
                    Set<String> read = partitionsOf(meanwhile);
                    read.retainAll(partitions);
                    assertEquals(Set.of(), read, "partitions that are paused");
                    records.addAll(meanwhile);
                }
                reader.reader.resume(partitions);
                records.addAll(reader.read(values.size() - records.size()));
                assertEquals(Answers.counted(values), Answers.counted(valuesOf(records)));
            }
        }
    }

    @Nested
    @DisplayName("Where records have the same position whenever they are read")
    class Repeating {

        @Test
        @DisplayName("They do.")
        void shouldReadTheSameAtTheSamePosition() throws Exception {
            assumeTrue(source().isRepeatable(), "this source is not said to be repeatable");
            addSome(SOME);
            Map<SourcePosition, T> first = read();
            Map<SourcePosition, T> second = read();
            assertEquals(SOME, first.size());
            assertEquals(first, second);
        }

        private Map<SourcePosition, T> read() throws Exception {
            try (ContractReader<T> reader = open(LIMIT, false)) {
                return reader.read(SOME).stream()
                        .collect(Collectors.toMap(PipelineRecord::position, PipelineRecord::value));
            }
        }
    }

    @Nested
    @DisplayName("Where the position is kept")
    class Resuming {

        @BeforeEach
        void assume() {
            assumeTrue(keepsPosition(), "this source keeps no position");
        }

        @Test
        @DisplayName("Who opens it next goes on behind what was committed: what was not comes again.")
        void shouldGoOnBehindWhatIsCommitted() throws Exception {
            List<T> values = addSome(SOME);
            List<PipelineRecord<T>> done;
            try (ContractReader<T> reader = open(LIMIT, false)) {
                done = reader.read(SOME / 2);
                reader.commit(done);
                reader.poll();
            }
            try (ContractReader<T> reader = open(LIMIT, false)) {
                List<T> rest = valuesOf(reader.read(SOME - done.size()));
                rest.addAll(valuesOf(done));
                assertEquals(Answers.counted(values), Answers.counted(rest));
            }
        }

        @Test
        @DisplayName("What was read and not committed comes again.")
        void shouldBeginAgainWhereNothingIsCommitted() throws Exception {
            List<T> values = addSome(SOME);
            try (ContractReader<T> reader = open()) {
                reader.read(SOME);
                reader.commit(List.of());
            }
            try (ContractReader<T> reader = open()) {
                assertEquals(Answers.counted(values), Answers.counted(valuesOf(reader.read(SOME))));
            }
        }

        @Test
        @DisplayName("After a pipeline has failed halfway, the next one writes what it has not written.")
        void shouldLoseNothingWhenAPipelineFails() throws Exception {
            List<T> values = addSome(MANY);
            List<T> written = Collections.synchronizedList(new ArrayList<>());
            Pipeline failing = Pipeline.named("contract").from(source()).to(Sinks.forEach(value -> {
                if (written.size() >= MANY / 2) {
                    throw new StageFailedException("made by the contract");
                }
                written.add(value);
            }));
            try (RunningPipeline running = ContractPipelines.runner().start(failing)) {
                ContractPipelines.await(running, () -> running.state() == PipelineState.FAILED);
            }
            int before = written.size();

            try (RunningPipeline running = ContractPipelines.runner()
                    .start(Pipeline.named("contract").from(source()).to(Sinks.into(written)))) {
                ContractPipelines.await(
                        running, () -> Set.copyOf(List.copyOf(written)).size() == MANY);
                running.drain();
            }
            assertEquals(Answers.counted(values).keySet(), Set.copyOf(List.copyOf(written)));
            assertTrue(before < MANY, "the first one was to fail halfway");
        }
    }

    @Nested
    @DisplayName("While the system behind it is away")
    class Unavailable {

        @Test
        @DisplayName(
                "A poll brings nothing or fails as unavailable; afterwards the reader goes on, and nothing is lost.")
        void shouldGoOnAfterwards() throws Exception {
            Outage outage = outage().orElse(null);
            assumeTrue(outage != null, "the system behind the source cannot be taken away");
            List<T> values = addSome(SOME);
            try (ContractReader<T> reader = open(LIMIT, false)) {
                List<PipelineRecord<T>> records = new ArrayList<>(reader.read(1));
                outage.begin();
                try {
                    for (int i = 0; i < WHILE; i++) {
                        records.addAll(reader.poll());
                    }
                } finally {
                    outage.end();
                }
                records.addAll(reader.read(values.size() - records.size())); // connections come back by and by
                assertEquals(Answers.counted(values), Answers.counted(valuesOf(records)));
            }
        }
    }

    private ContractReader<T> open() throws Exception {
        return open(MANY, false);
    }

    private ContractReader<T> open(int pollLimit, boolean isPreview) throws Exception {
        return ContractReader.open(
                source(), new ContractSourceContext(context("source"), pollLimit, isPreview), patience());
    }

    /** The next values, added; the list is the caller's. */
    private List<T> addSome(int count) throws Exception {
        List<T> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(value(added++));
        }
        add(List.copyOf(values));
        return values;
    }

    private static <T> List<T> valuesOf(List<PipelineRecord<T>> records) {
        return records.stream().map(PipelineRecord::value).collect(Collectors.toCollection(ArrayList::new));
    }

    private static <T> Set<String> partitionsOf(List<PipelineRecord<T>> records) {
        return records.stream().map(PipelineRecord::partition).collect(Collectors.toCollection(HashSet::new));
    }
}
