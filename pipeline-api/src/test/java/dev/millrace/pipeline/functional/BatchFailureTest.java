package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A list that fails is the failure of all its records, and of no others. */
@Timeout(120)
class BatchFailureTest {

    private static final SourcePosition SECOND = SourcePosition.of("p", 2);

    private final ManualSource<String> source = ManualSource.pausable();
    private final RecordingListener listener = new RecordingListener();
    private final PipelineRunner runner = Runs.runner().workers(1).listener(listener);
    private final List<List<Integer>> written = Collections.synchronizedList(new ArrayList<>());
    private final List<DeadLetter> letters = Collections.synchronizedList(new ArrayList<>());
    private final List<PipelineRecord<String>> fed = new ArrayList<>();

    BatchFailureTest() {
        for (int i = 0; i < 6; i++) {
            PipelineRecord<String> record = PipelineRecord.of("" + i, "p", i).withKey("k" + i);
            fed.add(record);
            source.feed(record);
        }
        source.end();
    }

    @Test
    void shouldMakeADeadLetterOfEachRecordOfAList() {
        RunningPipeline running =
                Runs.run(runner, pairs().map(BatchFailureTest::refuseTwo).to(Sinks.into(written), toLetters()));

        assertThat(written).containsExactly(List.of(0, 1), List.of(4, 5));
        assertLettersOfTheSecondPair("map-2", 1);
        assertThat(running.stats().deadLetters()).isEqualTo(2);
        assertThat(running.stats().stage("map-2").failed()).isOne();
        assertThat(running.stats().stage("map-2").deadLettered()).isEqualTo(2);
        assertThat(source.committed("p")).isEqualTo(6);
    }

    @Test
    void shouldSplitWhatASinkWritesTogetherDownToTheListButNotTheList() {
        List<Integer> calls = Collections.synchronizedList(new ArrayList<>());
        StageOptions together =
                toLetters().retry(RetryPolicy.none().maxAttempts(2)).batch(BatchPolicy.upTo(10));

        Runs.run(
                runner,
                pairs().to(
                                Sinks.ofBatches(lists -> {
                                    calls.add(lists.size());
                                    for (List<Integer> list : lists) {
                                        refuseTwo(list);
                                    }
                                    written.addAll(lists);
                                }),
                                together));

        assertThat(written).containsExactlyInAnyOrder(List.of(0, 1), List.of(4, 5));
        assertThat(calls).contains(1);
        assertLettersOfTheSecondPair("to", 2);
        assertThat(listener.retries).extracting(RecordingListener.Retry::record).containsExactly(SECOND);
    }

    @Test
    void shouldFailAllRecordsForWhatWasMadeOfTheList() {
        List<Object> values = Collections.synchronizedList(new ArrayList<>());

        Runs.run(
                runner,
                pairs().flatMap(list -> list)
                        .filter(n -> {
                            refuseTwo(List.of(n));
                            return true;
                        })
                        .to(Sinks.into(values), toLetters()));

        assertThat(values).containsExactly(0, 1, 3, 4, 5);
        assertLettersOfTheSecondPair("filter", 1);
    }

    @Test
    void shouldMakeOneDeadLetterOfARecordWhoseListsFailAllOfThem() {
        RunningPipeline running = Runs.run(
                runner,
                Pipeline.named("pipe")
                        .from(source)
                        .flatMap(text -> List.of(text, text))
                        .batch(1)
                        .map(list -> {
                            throw new IllegalStateException("no");
                        })
                        .to(Sinks.discard(), toLetters()));

        assertThat(letters).extracting(letter -> letter.original().offset()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(running.stats().stage("map").failed()).isEqualTo(12);
    }

    @Test
    void shouldSkipAndTellOfEachRecord() {
        RunningPipeline running = Runs.run(
                runner,
                pairs().map(BatchFailureTest::refuseTwo)
                        .to(Sinks.into(written), StageOptions.with().onFailure(FailurePolicy.skip())));

        assertThat(written).containsExactly(List.of(0, 1), List.of(4, 5));
        assertThat(listener.skips).containsExactly(SECOND, SourcePosition.of("p", 3));
        assertThat(running.stats().skipped()).isEqualTo(2);
        assertThat(running.stats().stage("map-2").skipped()).isOne();
    }

    @Test
    void shouldStopBeforeAllOfTheList() {
        PipelineFailedException failure = Runs.runToFailure(
                runner, pairs().map(BatchFailureTest::refuseTwo).to(Sinks.into(written)));

        assertThat(failure.stage()).contains("map-2");
        assertThat(failure.position()).contains(SECOND);
        assertThat(source.committed("p")).isLessThanOrEqualTo(2);
    }

    private void assertLettersOfTheSecondPair(String stage, int attempts) {
        assertThat(letters).hasSize(2).allSatisfy(letter -> {
            assertThat(letter.stage()).isEqualTo(stage);
            assertThat(letter.attempts()).isEqualTo(attempts);
            assertThat(letter.cause()).hasMessage("no two");
        });
        assertThat(letters.get(0).original()).isSameAs(fed.get(2));
        assertThat(letters.get(1).original()).isSameAs(fed.get(3));
    }

    private StageOptions toLetters() {
        return StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.into(letters)));
    }

    private Stage<List<Integer>> pairs() {
        return Pipeline.named("pipe").from(source).map(Integer::valueOf).batch(2);
    }

    private static List<Integer> refuseTwo(List<Integer> list) {
        if (list.contains(2)) {
            throw new IllegalStateException("no two");
        }
        return list;
    }
}
