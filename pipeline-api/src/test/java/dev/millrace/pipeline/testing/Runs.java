package dev.millrace.pipeline.testing;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs pipelines to their end, never for ever. */
public final class Runs {

    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Runs() {}

    /** A name that no other test has, so that threads can be told apart. */
    public static String uniqueName() {
        return "test-" + NUMBER.incrementAndGet();
    }

    /** A runner that commits often and gives up soon. */
    public static PipelineRunner runner() {
        return PipelineRunner.create()
                .workers(2)
                .commitInterval(Duration.ofMillis(2))
                .drainTimeout(Duration.ofSeconds(30));
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

    /** Names of the engine's threads of that pipeline that are alive. */
    public static List<String> threadsOf(String pipeline) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("millrace-" + pipeline + "-"))
                .toList();
    }
}
