package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.StageOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The values of a step that are to be done in time, the oldest first, with one timer for all of them. All have the same
 * time, so the order of their arrival is that of their ends. Belongs to one worker.
 */
final class Deadlines<T> {

    static final long NONE = 0;

    private final Worker worker;
    private final long nanos;
    private final Consumer<T> onMissed;
    private final Map<T, Long> ends = new LinkedHashMap<>();
    private Timers.@Nullable Timer timer;

    Deadlines(Worker worker, long nanos, Consumer<T> onMissed) {
        this.worker = worker;
        this.nanos = nanos;
        this.onMissed = onMissed;
    }

    static long nanosOf(StageOptions options) {
        return options.deadline().map(Nanos::of).orElse(NONE);
    }

    void add(T value) {
        if (nanos != NONE) {
            ends.put(value, worker.now() + nanos);
            arm();
        }
    }

    void remove(T value) {
        if (nanos != NONE) {
            ends.remove(value);
        }
    }

    /** What a value is given up with that has missed its end; it may have failed before. */
    DeadlineExceededException missed(@Nullable Throwable lastFailure) {
        return new DeadlineExceededException(Duration.ofNanos(nanos), lastFailure);
    }

    private void arm() {
        if (timer == null && !ends.isEmpty()) {
            timer = worker.timers.at(ends.values().iterator().next(), this::fire);
        }
    }

    private void fire() {
        timer = null;
        while (!ends.isEmpty()) {
            Map.Entry<T, Long> oldest = ends.entrySet().iterator().next();
            if (oldest.getValue() - worker.now() > 0) {
                break;
            }
            T value = oldest.getKey();
            ends.remove(value);
            onMissed.accept(value);
        }
        arm();
    }
}
