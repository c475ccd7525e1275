package dev.millrace.console;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Once a second, by a thread of its own. */
final class ThreadedBeat implements Beat {

    private static final Logger LOG = System.getLogger("dev.millrace.console");

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Threads.daemons("millrace-console-sampler"));

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the timer
    public void start(Runnable sampling) {
        timer.scheduleWithFixedDelay(() -> run(sampling), 1, 1, TimeUnit.SECONDS);
    }

    /** A timer would not call again what has thrown. */
    private static void run(Runnable sampling) {
        try {
            sampling.run();
        } catch (RuntimeException failure) {
            LOG.log(
                    Level.WARNING,
                    () -> "no sample could be taken: " + failure.getClass().getName());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
