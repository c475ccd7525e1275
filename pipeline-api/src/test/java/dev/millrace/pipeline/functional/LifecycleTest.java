package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LifecycleTest {

    private final String name = Runs.uniqueName();
    private final ManualSource<String> source = ManualSource.pausable();
    private final ManualSink<String> sink = ManualSink.create();
    private final RecordingListener listener = new RecordingListener();

    @Test
    void shouldGoThroughItsStatesInOrder() {
        RunningPipeline running = Runs.run(
                Runs.runner().listener(listener),
                Pipeline.named(name).from(Sources.of("a")).to(Sinks.discard()));
        running.close();

        assertThat(listener.states)
                .containsExactly(PipelineState.RUNNING, PipelineState.DRAINING, PipelineState.STOPPED);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(running).hasToString("RunningPipeline[" + name + ", STOPPED]");
    }

    @Test
    void shouldTellOfItsStatesInTheirOrderThoughAListenerIsSlowWithOne() throws Exception {
        CountDownLatch isTold = new CountDownLatch(1);
        CountDownLatch slow = new CountDownLatch(1);
        PipelineListener isSlow = new PipelineListener() {
            @Override
            public void onStateChange(String pipeline, PipelineState state) {
                if (state == PipelineState.DRAINING) {
                    isTold.countDown();
                    Await.until("it is told the next", () -> slow.getCount() == 0);
                }
            }
        };
        RunningPipeline running = Runs.runner()
                .listener(isSlow)
                .listener(listener)
                .start(Pipeline.named(name).from(source).to(sink));
        Thread draining = new Thread(running::drain);
        draining.start();
        // By that thread: whoever finds a state untold tells of it, and this one must go on.
        isTold.await();

        long since = System.nanoTime();
        running.abandon();
        Await.until("it has ended", () -> running.state() == PipelineState.STOPPED);
        boolean isOver = running.awaitTermination(Duration.ZERO);
        Duration taken = Duration.ofNanos(System.nanoTime() - since);
        // The engine waits no more than five seconds for a listener.
        assertThat(isOver && taken.toSeconds() < 5)
                .as("over before that is told")
                .isFalse();
        slow.countDown();
        running.awaitTermination();

        Await.until("the last is told", () -> listener.states.contains(PipelineState.STOPPED));
        assertThat(listener.states)
                .containsExactly(
                        PipelineState.RUNNING, PipelineState.DRAINING, PipelineState.ABANDONING, PipelineState.STOPPED);
        draining.join();
    }

    @Test
    void shouldFinishWhatIsInFlightAndCommitItWhenClosed() throws Exception {
        RunningPipeline running = start();
        source.feed("p", 0, "a");
        sink.call(0);

        Thread closing = new Thread(running::close);
        closing.start();
        Await.until("it drains", () -> running.state() == PipelineState.DRAINING);
        sink.call(0).succeed();
        closing.join();

        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(source.committed("p")).isEqualTo(1);
        assertThat(source.closes()).isOne();
        assertThat(sink.closes()).isOne();
    }

    @Test
    void shouldWriteABatchThatWaitsForCompanyWhenClosed() {
        source.feed("p", 0, "a");
        List<String> written = new ArrayList<>();
        RunningPipeline running = Runs.runner()
                .start(Pipeline.named(name)
                        .from(source)
                        .to(
                                Sinks.forEach(written::add),
                                StageOptions.with().batch(BatchPolicy.of(10, Duration.ofMinutes(5)))));
        Await.until("it is read", () -> running.stats().recordsRead() == 1);

        running.close();

        assertThat(written).containsExactly("a");
    }

    @Test
    void shouldBearBeingClosedAgainAndAgain() throws Exception {
        RunningPipeline running = start();
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Thread closer = new Thread(running::close);
            closers.add(closer);
            closer.start();
        }
        for (Thread closer : closers) {
            closer.join();
        }
        running.close();

        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(source.closes()).isOne();
        assertThat(sink.closes()).isOne();
    }

    @RepeatedTest(200)
    void shouldEndWhateverIsAskedOfItAtOnce() throws Exception {
        RunningPipeline running = Runs.runner()
                .start(Pipeline.named(name).from(Sources.of("a", "b")).to(Sinks.discard()));
        Thread abandoning = new Thread(running::abandon);
        Thread draining = new Thread(running::drain);
        abandoning.start();
        draining.start();
        running.awaitTermination();
        abandoning.join();
        draining.join();

        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
    }

    @Test
    void shouldLeaveNoThreadBehind() {
        source.feed("p", 0, "a");
        RunningPipeline running =
                Runs.runner().start(Pipeline.named(name).from(source).to(Sinks.forEach(value -> {})));
        assertThat(Runs.threadsOf(name)).hasSizeGreaterThanOrEqualTo(3);
        Await.until("it is written", () -> running.stats().recordsDone() == 1);

        running.close();

        Await.until(
                () -> "no thread is left of " + Runs.threadsOf(name),
                () -> Runs.threadsOf(name).isEmpty());
    }

    @Test
    void shouldNotWaitForASinkThatHangsWhenAbandoned() {
        RunningPipeline running = Runs.runner()
                .drainTimeout(Duration.ofHours(1))
                .start(Pipeline.named(name).from(source).to(sink));
        source.feed("p", 0, "a").feed("p", 1, "b");
        sink.call(0);
        Await.until("both are read", () -> running.stats().recordsRead() == 2);

        running.abandon();
        Runs.awaitEnd(running);

        assertThat(source.committed("p")).isLessThanOrEqualTo(0);
        assertThat(running.stats().recordsInFlight()).isEqualTo(2);
    }

    @Test
    void shouldEndWithAllItsThreadsWhenAbandonedWhileAWriterFailsOverAndOverWithoutPause() {
        AtomicInteger calls = new AtomicInteger();
        source.feed("p", 0, "a");
        RunningPipeline running = Runs.runner()
                .start(Pipeline.named(name)
                        .from(source)
                        .to(
                                context -> batch -> {
                                    calls.incrementAndGet();
                                    throw new IllegalStateException("always");
                                },
                                StageOptions.with()
                                        .retry(RetryPolicy.fixed(Duration.ZERO).maxAttempts(Integer.MAX_VALUE))));
        Await.until("it is busy", () -> calls.get() > 1_000);

        running.abandon();
        Runs.awaitEnd(running);

        Await.until("no thread is left", () -> Runs.threadsOf(name).isEmpty());
    }

    @Test
    void shouldBreakADrainOffAfterItsTimeout() {
        RunningPipeline running = Runs.runner()
                .drainTimeout(Duration.ofMillis(30))
                .listener(listener)
                .start(Pipeline.named(name).from(source).to(sink));
        source.feed("p", 0, "a");
        sink.call(0);

        running.close();

        assertThat(listener.states)
                .containsExactly(
                        PipelineState.RUNNING, PipelineState.DRAINING, PipelineState.ABANDONING, PipelineState.STOPPED);
        assertThat(running.stats().recordsInFlight()).isOne();
    }

    @Test
    void shouldGoOnPollingWhileAFunctionBlocks() {
        CountDownLatch blocking = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        source.feed("p", 0, "a");
        RunningPipeline running = Runs.runner()
                .start(Pipeline.named(name)
                        .from(source)
                        .map(value -> {
                            blocking.countDown();
                            release.await();
                            return value;
                        })
                        .to(Sinks.discard()));
        Await.until("the function blocks", () -> blocking.getCount() == 0);
        int polls = source.polls();

        Await.until("it goes on polling", () -> source.polls() > polls + 3);
        assertThat(running.explain()).contains("a worker does not answer: a function of a stage blocks it at p@0 for ");
        Await.until(
                "the record's age is told, too",
                () -> running.stats().partitions().get(0).frontierAge().toMillis() > 20);
        assertThat(running.stats().partitions().get(0).gap()).isEqualTo(1);

        release.countDown();
        running.close();
        assertThat(source.committed("p")).isEqualTo(1);
        assertThat(running.stats().partitions()).allMatch(partition -> partition.gap() == 0);
    }

    @Test
    void shouldReturnFromCloseWithTheFlagSetWhenInterrupted() {
        RunningPipeline running = start();
        source.feed("p", 0, "a");
        sink.call(0);

        Thread.currentThread().interrupt();
        running.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(running.state()).isEqualTo(PipelineState.DRAINING);
        sink.call(0).succeed();
        Runs.awaitEnd(running);
    }

    @Test
    void shouldSayWhetherItHasEndedInTime() throws Exception {
        RunningPipeline running = start();

        assertThat(running.awaitTermination(Duration.ofMillis(1))).isFalse();
        running.drain();
        assertThat(running.awaitTermination(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
    }

    @Test
    void shouldThrowTheCauseWhenAwaitedAndFailed() {
        RunningPipeline running = Runs.runner()
                .start(Pipeline.named(name)
                        .from(Sources.of("a"))
                        .map(value -> null)
                        .to(Sinks.discard()));

        assertThatThrownBy(running::awaitTermination).isInstanceOf(PipelineFailedException.class);
        assertThatThrownBy(() -> running.awaitTermination(Duration.ofSeconds(1)))
                .isSameAs(running.failure().orElseThrow());
        running.close();
    }

    @Test
    void shouldEndInFailureWhenACommitCanNeverSucceed() {
        source.failCommitsWith(new IllegalStateException("fenced"));
        source.feed("p", 0, "a");

        PipelineFailedException failure = Runs.runToFailure(
                Runs.runner(), Pipeline.named(name).from(source).to(Sinks.discard()));

        assertThat(failure.stage()).contains("from");
        assertThat(failure).hasRootCauseMessage("fenced");
    }

    @Test
    void shouldBearListenersThatThrowWhatever() {
        PipelineListener thrower = new PipelineListener() {
            @Override
            public void onStateChange(String pipeline, PipelineState state) {
                if (state.isFinal()) {
                    throw new OutOfMemoryError("thrown by a test");
                }
                throw new AssertionError("thrown by a test");
            }
        };

        RunningPipeline running = Runs.run(
                Runs.runner().listener(thrower).listener(listener),
                Pipeline.named(name).from(Sources.of("a")).to(Sinks.discard()));

        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
    }

    private RunningPipeline start() {
        return Runs.runner().start(Pipeline.named(name).from(source).to(sink));
    }
}
