package dev.millrace.examples;

import dev.millrace.pipeline.runtime.RunningPipeline;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ctrl-C, or a termination: the JVM stays until the example has ended in good order and has closed this. */
public final class Interruption implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(100);
    /** Why an example ends is told once it has closed everything, this included. */
    private static final CountDownLatch LAST_WORD = new CountDownLatch(1);

    private static final Duration LAST_WORD_LIMIT = Duration.ofSeconds(5);
    private static final Duration EXIT_CODE_LIMIT = Duration.ofMinutes(1);

    private static volatile int exitCode;

    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::letFinish, "on-interrupt");
    private final boolean hasExitCode;
    private @Nullable Thread brokenOff;

    /** From now on. */
    public Interruption() {
        this(false);
    }

    private Interruption(boolean hasExitCode) {
        this.hasExitCode = hasExitCode;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * From now on; the JVM ends with the exit code of the example. Otherwise it is 130 or 143 after a signal, which
     * whatever runs services may take for a failure.
     */
    public static Interruption withExitCode() {
        return new Interruption(true);
    }

    private void letFinish() {
        synchronized (this) {
            interrupted.countDown();
            if (brokenOff != null) {
                brokenOff.interrupt();
            }
        }
        try {
            finished.await();
            Duration limit = hasExitCode ? EXIT_CODE_LIMIT : LAST_WORD_LIMIT;
            if (LAST_WORD.await(limit.toMillis(), TimeUnit.MILLISECONDS) && hasExitCode) {
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing more will be told: the JVM may end. */
    static void afterTheLastWord(int code) {
        exitCode = code;
        LAST_WORD.countDown();
    }

    /** Whether it has come. */
    public boolean hasCome() {
        return interrupted.getCount() == 0;
    }

    /** Waits for it, at most for so long; whether it has come. */
    public boolean await(Duration time) throws InterruptedException {
        return interrupted.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for it, or for the end of one of these pipelines; whether it has come. */
    public boolean awaitOrEndOf(RunningPipeline... pipelines) throws InterruptedException {
        while (!await(LOOK)) {
            for (RunningPipeline pipeline : pipelines) {
                if (pipeline.state().isFinal()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Makes a call that takes long, such as one that starts servers, and breaks it off when it comes. */
    public <T> T breakingOff(Callable<T> call) throws Exception {
        synchronized (this) {
            brokenOff = Thread.currentThread();
        }
        try {
            return call.call();
        } catch (Exception failure) {
            if (hasCome()) {
                throw new ExampleException("interrupted");
            }
            throw failure;
        } finally {
            endBreakingOff();
        }
    }

    private void endBreakingOff() {
        synchronized (this) {
            brokenOff = null;
        }
        if (hasCome()) {
            // It was for the call alone: servers and pipelines are yet to be closed.
            Thread.interrupted();
        }
    }

    @Override
    public void close() {
        finished.countDown();
        if (!hasCome()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException justNow) {
                return; // the JVM is shutting down, and need not wait any longer
            }
        }
    }
}
