package dev.millrace.kafka;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A warning that may come often: it is logged at once, and then every 10 s with how many it stands for. Thread-safe.
 */
final class SeldomWarning {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Logger log;
    private final LongSupplier clock;
    private boolean isTold;
    private long toldAt;
    private long count;

    SeldomWarning(Logger log, LongSupplier clock) {
        this.log = log;
        this.clock = clock;
    }

    synchronized void log(String message) {
        count++;
        long now = clock.getAsLong();
        if (isTold && now - toldAt < INTERVAL_NANOS) {
            log.log(Level.DEBUG, message);
            return;
        }
        log.log(
                Level.WARNING,
                message + (count == 1 ? "" : " (the last of " + count + " such since the last warning)"));
        isTold = true;
        toldAt = now;
        count = 0;
    }
}
