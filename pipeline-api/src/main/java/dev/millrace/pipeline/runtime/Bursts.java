package dev.millrace.pipeline.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Lets one of many like events be told of in a while: the first at once, later ones with how many they stand for. */
final class Bursts {

    static final long NOT_NOW = 0;

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Map<String, Burst> bursts = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    Bursts(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Counts an event; returns for how many it stands, itself included, or {@link #NOT_NOW}. */
    long add(String kind) {
        return bursts.computeIfAbsent(kind, same -> new Burst()).add(nanoTime.getAsLong());
    }

    private static final class Burst {

        private boolean isTold;
        private long toldAt;
        private long count;

        synchronized long add(long now) {
            count++;
            if (isTold && now - toldAt < INTERVAL_NANOS) {
                return NOT_NOW;
            }
            long all = count;
            isTold = true;
            toldAt = now;
            count = 0;
            return all;
        }
    }
}
