package dev.millrace.pipeline.runtime;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is to be tried again later, each with a timer that goes when it is taken out, since a system may ask to be left
 * alone for an hour. Belongs to one worker.
 */
final class BackOffs<T> {

    private final Worker worker;
    private final Consumer<T> again;
    private final Map<T, Timers.Timer> timers = new LinkedHashMap<>();

    BackOffs(Worker worker, Consumer<T> again) {
        this.worker = worker;
        this.again = again;
    }

    void add(T value, long delayNanos) {
        timers.put(value, worker.after(delayNanos, () -> {
            timers.remove(value);
            again.accept(value);
        }));
    }

    /** Takes it out, if it is in here. */
    void remove(T value) {
        Timers.Timer timer = timers.remove(value);
        if (timer != null) {
            timer.cancel();
        }
    }

    Collection<T> all() {
        return List.copyOf(timers.keySet());
    }
}
