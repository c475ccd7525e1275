package dev.millrace.cache;

import dev.millrace.pipeline.spi.StageContext;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/** A stage's context whose time stands still until moved. */
final class TestContext implements StageContext {

    private final AtomicLong now = new AtomicLong(-1_000);

    void advance(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Override
    public String pipeline() {
        return "test";
    }

    @Override
    public String stage() {
        return "enrich";
    }

    @Override
    public long nanoTime() {
        return now.get();
    }

    @Override
    public Executor blocking() {
        return Runnable::run;
    }
}
