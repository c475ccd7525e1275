package dev.millrace.testkit.contract;

import dev.millrace.pipeline.spi.StageContext;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;

/** What the tests of each contract need: threads for what blocks, which the JVM does not wait for. */
abstract class Contract {

    final ExecutorService threads = Executors.newCachedThreadPool(runnable -> {
        Thread thread = new Thread(runnable, "contract");
        thread.setDaemon(true);
        return thread;
    });

    @AfterEach
    final void endThreads() {
        threads.shutdown();
    }

    final StageContext context(String stage) {
        return new ContractContext("contract", stage, threads);
    }
}
