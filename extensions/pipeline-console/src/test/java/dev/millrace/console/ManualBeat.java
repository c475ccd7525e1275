package dev.millrace.console;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes, and samples that are taken, when a test says so. */
final class ManualBeat implements Beat {

    private final AtomicLong now = new AtomicLong();
    private Runnable sampling = () -> {};

    @Override
    public long nanoTime() {
        return now.get();
    }

    @Override
    public void start(Runnable given) {
        sampling = given;
    }

    /** Lets so much time pass, and takes a sample. */
    void after(Duration time) {
        now.addAndGet(time.toNanos());
        sampling.run();
    }

    @Override
    public void close() {}
}
