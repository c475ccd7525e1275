package dev.millrace.state;

import dev.millrace.pipeline.spi.StageContext;
import java.util.concurrent.Executor;

/** What an engine would lend; what blocks is done at once. */
record TestContext(String pipeline, String stage) implements StageContext {

    TestContext() {
        this("ratings", "counts");
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Executor blocking() {
        return Runnable::run;
    }
}
