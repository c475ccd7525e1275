package dev.millrace.http;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Which services are not to be asked for a while. Thread-safe. */
final class Pauses {

    private final LongSupplier nanoTime;
    private final Map<String, Long> ends = new ConcurrentHashMap<>();

    Pauses(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Does not shorten one that is under way. */
    void begin(URI uri, Duration pause) {
        long now = nanoTime.getAsLong();
        ends.values().removeIf(end -> end - now <= 0);
        ends.merge(Question.origin(uri), now + pause.toNanos(), (one, other) -> one - other > 0 ? one : other);
    }

    /** What is left of it; zero if there is none. */
    Duration left(URI uri) {
        Long end = ends.get(Question.origin(uri));
        long left = end == null ? 0 : end - nanoTime.getAsLong();
        return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
    }
}
