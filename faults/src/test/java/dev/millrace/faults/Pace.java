package dev.millrace.faults;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Lets answers through at so many records a second. */
final class Pace {

    private final long recordsPerSecond;
    private long free = System.nanoTime();

    Pace(long recordsPerSecond) {
        this.recordsPerSecond = recordsPerSecond;
    }

    <T> CompletionStage<T> delay(int records, CompletionStage<T> answer) {
        if (recordsPerSecond == Long.MAX_VALUE) {
            return answer;
        }
        long delay = take(records);
        return answer.thenCompose(result -> {
            CompletableFuture<T> later = new CompletableFuture<>();
            CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS).execute(() -> later.complete(result));
            return later;
        });
    }

    private synchronized long take(int records) {
        long now = System.nanoTime();
        free = Math.max(free, now) + TimeUnit.SECONDS.toNanos(records) / recordsPerSecond;
        return free - now;
    }
}
