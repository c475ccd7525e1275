package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pipeline that is paused reads no more, finishes what it has, and can be ended or resumed. */
@Timeout(120)
class PauseTest {

    private static final StageOptions ONE_BY_ONE =
            StageOptions.with().ordering(Ordering.UNORDERED).concurrency(100).batch(BatchPolicy.upTo(1));

    /** How a pipeline comes to its end. */
    enum Ending {
        DRAIN(RunningPipeline::drain),
        ABANDON(RunningPipeline::abandon),
        CLOSE(RunningPipeline::close);

        @SuppressWarnings("ImmutableEnumChecker") // method references without state
        private final Consumer<RunningPipeline> how;

        Ending(Consumer<RunningPipeline> how) {
            this.how = how;
        }
    }

    private final ManualSink<Integer> sink = ManualSink.create();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadNoMoreButFinishWhatIsInFlightWhilePaused(boolean isPausable) {
        ManualSource<Integer> source = isPausable ? ManualSource.pausable() : ManualSource.unpausable();
        source.feed("p", 0, 0);
        RunningPipeline running = start(source);
        ManualSink.Call<Integer> inFlight = sink.callWith(0);

        // Within a poll, so that it is known which one is the last.
        source.within(context -> running.pause());
        Await.until("the source is held back", () -> isPausable ? source.isPaused("p") : source.isIdle());
        source.feed("p", 1, 1);

        Await.still("it reads nothing", () -> source.taken() == 1);
        assertThat(running.isPaused()).isTrue();
        assertThat(running.state()).isEqualTo(PipelineState.RUNNING);
        assertThat(running.explain()).startsWith("pipe: RUNNING, paused\n");
        inFlight.succeed();
        Await.until("what was in flight is committed", () -> source.committed("p") == 1);

        running.resume();
        sink.callWith(1).succeed();
        assertThat(running.isPaused()).isFalse();
        running.close();
        assertThat(source.committed("p")).isEqualTo(2);
    }

    @Test
    void shouldGoOnPollingAndHoldNewPartitionsBackWhilePaused() {
        ManualSource<Integer> source = ManualSource.pausable();
        RunningPipeline running = start(source);
        source.within(context -> context.assigned(List.of("p")));

        running.pause();
        Await.until("p is paused", () -> source.isPaused("p"));
        source.within(context -> context.assigned(List.of("q")));
        Await.until("q is paused, too", () -> source.isPaused("q"));
        int polls = source.polls();
        source.feed("p", 0, 0).feed("q", 0, 1);
        Await.until("it goes on polling", () -> source.polls() > polls + 2);
        assertThat(source.taken()).isZero();

        running.resume();
        sink.callWith(0).succeed();
        sink.callWith(1).succeed();
        running.close();
    }

    @Test
    void shouldStayPausedHoweverOftenItIsAsked() {
        ManualSource<Integer> source = ManualSource.pausable();
        RecordingListener listener = new RecordingListener();
        RunningPipeline running = Runs.runner()
                .listener(listener)
                .start(Pipeline.named("pipe").from(source).to(sink, ONE_BY_ONE));
        source.within(context -> context.assigned(List.of("p")));

        running.resume();
        running.pause();
        running.pause();
        Await.until("it is paused", () -> source.isPaused("p"));
        running.resume();
        Await.until("once resumed, it is", () -> !source.isPaused("p"));
        running.close();

        assertThat(listener.states)
                .containsExactly(PipelineState.RUNNING, PipelineState.DRAINING, PipelineState.STOPPED);
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndWhilePaused(Ending ending) {
        ManualSource<Integer> source = ManualSource.pausable();
        RunningPipeline running = start(source);
        source.within(context -> context.assigned(List.of("p")));
        running.pause();
        Await.until("it is paused", () -> source.isPaused("p"));
        source.feed("p", 0, 0);

        ending.how.accept(running);

        Runs.awaitEnd(running);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(running.isPaused()).isFalse();
        assertThat(source.taken()).isZero();
        running.pause();
        running.resume();
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
    }

    @Test
    void shouldFinishWhatIsInFlightWhenClosedWhilePaused() {
        ManualSource<Integer> source = ManualSource.pausable();
        source.feed("p", 0, 0);
        RunningPipeline running = start(source);
        ManualSink.Call<Integer> inFlight = sink.callWith(0);
        running.pause();

        running.drain();
        Runs.awaitState(running, PipelineState.DRAINING);
        inFlight.succeed();

        Runs.awaitEnd(running);
        assertThat(source.committed("p")).isEqualTo(1);
    }

    @Test
    void shouldPauseFromWithinAStage() {
        ManualSource<Integer> source = ManualSource.pausable();
        CompletableFuture<RunningPipeline> started = new CompletableFuture<>();
        RunningPipeline running = Runs.runner()
                .start(Pipeline.named("pipe")
                        .from(source)
                        .peek(record -> started.join().pause())
                        .to(Sinks.discard()));
        started.complete(running);

        source.feed("p", 0, 0);
        Await.until("it is paused", () -> source.isPaused("p"));
        source.feed("p", 1, 1);
        Await.until("the first is done", () -> source.committed("p") == 1);
        Await.still("it reads nothing", () -> source.taken() == 1);

        running.resume();
        Await.until("the second is done", () -> source.committed("p") == 2);
        running.close();
    }

    private RunningPipeline start(ManualSource<Integer> source) {
        return Runs.runner().start(Pipeline.named("pipe").from(source).to(sink, ONE_BY_ONE));
    }
}
