package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitTest {

    private static final StageOptions ONE_BY_ONE =
            StageOptions.with().ordering(Ordering.UNORDERED).concurrency(1_000).batch(BatchPolicy.upTo(1));

    private final ManualSource<Integer> source = ManualSource.pausable();
    private final ManualSink<Integer> sink = ManualSink.create();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldNeverCommitBeyondWhatIsNotDone(long seed) {
        Random random = new Random(seed);
        Map<String, SortedMap<Long, Integer>> undone = new TreeMap<>();
        Map<String, Long> ends = new TreeMap<>();
        int records = 200;
        for (int i = 0; i < records; i++) {
            String partition = "p-" + random.nextInt(3);
            long offset = ends.getOrDefault(partition, 100L) + random.nextInt(3);
            ends.put(partition, offset + 1);
            undone.computeIfAbsent(partition, name -> new TreeMap<>()).put(offset, i);
            source.feed(partition, offset, i);
        }

        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("p").from(source).to(sink, ONE_BY_ONE))) {
            sink.call(records - 1);
            List<PipelineRecord<Integer>> order = new ArrayList<>();
            for (int i = 0; i < records; i++) {
                order.add(sink.call(i).batch().get(0));
            }
            Collections.shuffle(order, random);
            for (PipelineRecord<Integer> record : order) {
                assertNothingUndoneIsCommitted(undone);
                undone.get(record.partition()).remove(record.offset());
                sink.callWith(record.value()).succeed();
            }
            ends.forEach((partition, end) ->
                    Await.until(partition + " is committed to its end", () -> source.committed(partition) == end));
            assertThat(running.stats().recordsInFlight()).isZero();
        }
        assertThat(source.commits()).isNotEmpty();
        ends.keySet()
                .forEach(partition -> assertThat(source.commits().stream()
                                .filter(commit -> commit.containsKey(partition))
                                .map(commit -> commit.get(partition)))
                        .isSorted());
    }

    private void assertNothingUndoneIsCommitted(Map<String, SortedMap<Long, Integer>> undone) {
        undone.forEach((partition, offsets) -> {
            if (!offsets.isEmpty()) {
                assertThat(source.committed(partition)).isLessThanOrEqualTo(offsets.firstKey());
            }
        });
    }

    @Test
    void shouldCommitOnePastTheLastRecordWhateverGapsThereAre() {
        source.feed("p", 10, 1).feed("p", 20, 2);

        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("p").from(source).to(sink, ONE_BY_ONE))) {
            sink.callWith(2).succeed();
            Await.until("it stays at the first", () -> source.committed("p") == 10);
            sink.callWith(1).succeed();
            Await.until("it is past the last", () -> source.committed("p") == 21);
            assertThat(running.state().isFinal()).isFalse();
        }
    }

    @Test
    void shouldCommitWhatIsDoneWhenItEnds() {
        source.feed("p", 0, 1).feed("p", 1, 2).feed("q", 5, 3);
        RunningPipeline running = Runs.runner()
                .commitInterval(Duration.ofMinutes(10))
                .start(Pipeline.named("p").from(source).to(sink, ONE_BY_ONE));
        sink.callWith(1).succeed();
        sink.callWith(3).succeed();
        Await.until("two are done", () -> running.stats().recordsDone() == 2);
        assertThat(source.commits()).isEmpty();

        running.abandon();
        Runs.awaitEnd(running);

        assertThat(source.commits()).containsExactly(Map.of("p", 1L, "q", 6L));
    }

    @Test
    void shouldNotCommitAgainWhatHasNotMoved() {
        source.feed("p", 0, 1);
        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("p").from(source).to(sink, ONE_BY_ONE))) {
            sink.callWith(1).succeed();
            Await.until("it is committed", () -> source.committed("p") == 1);
            int commits = source.commits().size();

            Await.still("no more commits", () -> source.commits().size() == commits);
            Runs.awaitExplained(running, text -> text.contains("p: done up to 1"));
        }
    }

    @Test
    void shouldTryACommitAgainThatCouldNotReachTheStore() {
        source.failCommitsWith(new UnavailableException("down"));
        source.feed("p", 0, 1);
        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("p").from(source).to(sink, ONE_BY_ONE))) {
            sink.callWith(1).succeed();
            Await.until("it is done", () -> running.stats().recordsDone() == 1);
            Await.still("it goes on", () -> !running.state().isFinal());

            source.failCommitsWith(null);

            Await.until("it is committed", () -> source.committed("p") == 1);
        }
    }

    @Test
    void shouldWriteEachRecordOfManyPartitionsOnce() {
        Set<Integer> values = new HashSet<>();
        for (int i = 0; i < 3_000; i++) {
            source.feed("p-" + i % 30, i, i);
            values.add(i);
        }
        source.end();
        List<Integer> written = Collections.synchronizedList(new ArrayList<>());

        Runs.run(Runs.runner().workers(4), Pipeline.named("p").from(source).to(Sinks.into(written)));

        assertThat(written).hasSize(3_000).containsAll(values);
        assertThat(source.committed("p-29")).isEqualTo(3_000);
    }
}
