package dev.millrace.testkit.contract;

import dev.millrace.pipeline.spi.StageContext;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What an engine would lend. */
record ContractContext(String pipeline, String stage, ExecutorService threads) implements StageContext {

    /** What blocks runs on these; the JVM does not wait for them. */
    static ExecutorService newThreads() {
        return Executors.newCachedThreadPool(runnable -> {
            Thread thread = new Thread(runnable, "contract");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Executor blocking() {
        return threads;
    }
}
