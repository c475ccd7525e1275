package dev.millrace.testkit.contract;

import dev.millrace.pipeline.spi.StageContext;
import java.util.concurrent.Executor;

/** What an engine would lend. */
record ContractContext(String pipeline, String stage, Executor threads) implements StageContext {

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Executor blocking() {
        return threads;
    }
}
