package dev.millrace.pipeline.testing;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineHealth;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Runs pipelines to their end, never for ever. */
public final class Runs {

    private static final Duration DEADLINE = Duration.ofMinutes(1);
    /** A machine that stands still for half a minute must not end what a test wants to see finished. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Runs() {}

    /** A name that no other test has, so that threads can be told apart. */
    public static String uniqueName() {
        return "test-" + NUMBER.incrementAndGet();
    }

    /** A runner that commits often, and gives up before the deadline. */
    public static PipelineRunner runner() {
        return PipelineRunner.create()
                .workers(2)
                .commitInterval(Duration.ofMillis(2))
                .drainTimeout(PATIENCE)
                .revokeTimeout(PATIENCE);
    }

    /** Runs it to its good end. */
    public static RunningPipeline run(Pipeline pipeline) {
        return run(runner(), pipeline);
    }

    /** Runs it to its good end. */
    public static RunningPipeline run(PipelineRunner runner, Pipeline pipeline) {
        RunningPipeline running = runner.start(pipeline);
        awaitEnd(running);
        return running;
    }

    /** Runs it to its bad end, until all are told of it, and gives the cause. */
    public static PipelineFailedException runToFailure(PipelineRunner runner, Pipeline pipeline) {
        RunningPipeline running = runner.start(pipeline);
        awaitState(running, PipelineState.FAILED);
        running.close();
        return running.failure().orElseThrow();
    }

    public static void awaitEnd(RunningPipeline running) {
        try {
            if (!running.awaitTermination(DEADLINE)) {
                running.abandon();
                throw new AssertionError("does not end: " + running.explain());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    public static void awaitState(RunningPipeline running, PipelineState state) {
        Await.until(() -> "it is " + state + " rather than\n" + running.explain(), () -> running.state() == state);
        if (state.isFinal()) {
            running.close(); // until everybody has been told
        }
    }

    /** Once its workers answer in time, which a busy machine may keep them from. */
    public static void awaitExplained(RunningPipeline running, Predicate<String> condition) {
        Await.until(
                () -> "it explains itself rather than\n" + running.explain(), () -> condition.test(running.explain()));
    }

    /** Once its workers answer in time, which a busy machine may keep them from. */
    public static void awaitHealth(RunningPipeline running, Predicate<PipelineHealth> condition) {
        Await.until(() -> "it is well or not, but not " + running.health(), () -> condition.test(running.health()));
    }

    public static void awaitUp(RunningPipeline running) {
        awaitHealth(
                running,
                health -> health.status() == PipelineHealth.Status.UP
                        && health.reasons().isEmpty());
    }

    /** Names of the engine's threads of that pipeline that are alive. */
    public static List<String> threadsOf(String pipeline) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("millrace-" + pipeline + "-"))
                .toList();
    }
}
