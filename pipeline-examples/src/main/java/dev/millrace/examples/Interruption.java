package dev.millrace.examples;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C, or a termination: the JVM stays until the example has ended in good order and has closed this. */
public final class Interruption implements AutoCloseable {

    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::letFinish, "on-interrupt");

    /** From now on. */
    public Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void letFinish() {
        interrupted.countDown();
        try {
            finished.await();
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for it, at most for so long; whether it has come. */
    public boolean await(Duration time) throws InterruptedException {
        return interrupted.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        finished.countDown();
        if (interrupted.getCount() > 0) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException justNow) {
                return; // the JVM is shutting down, and need not wait any longer
            }
        }
    }
}
