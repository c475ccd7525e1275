package dev.millrace.benchmarks.bench;

import dev.millrace.testkit.CassandraServer;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Has a server stand still for a part of each tenth of a second, and so do less. */
final class Brake {

    private static final long PERIOD_MILLIS = 100;

    private final CassandraServer server;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    /** With how much of the time it is to stand still; 0 lets it run. */
    Brake(CassandraServer server, int percent) {
        this.server = server;
        if (percent > 0) {
            var unused = clock.scheduleAtFixedRate(server::pause, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
            var unusedAsWell = clock.scheduleAtFixedRate(
                    server::resume, PERIOD_MILLIS * percent / 100, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** It runs from now on. */
    void release() throws InterruptedException {
        clock.shutdownNow();
        BenchException.require(clock.awaitTermination(10, TimeUnit.SECONDS), "the brake does not end");
        server.resume();
    }
}
