package dev.millrace.faults;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where a process is to die, such as {@code afterSinkAckBeforeTrack#37}: when that place is come to for the 37th time.
 * It dies as of a SIGKILL: no shutdown hook, nothing flushed.
 */
final class CrashPoint {

    static final int EXIT_CODE = 137;

    private final String place;
    private final int at;
    private final AtomicInteger times = new AtomicInteger();

    private CrashPoint(String place, int at) {
        this.place = place;
        this.at = at;
    }

    /** None, where nothing is asked for. */
    static CrashPoint parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return new CrashPoint("", 0);
        }
        String[] parts = text.split("#", 2);
        return new CrashPoint(parts[0], parts.length == 1 ? 1 : Integer.parseInt(parts[1]));
    }

    void reached(String here) {
        if (isHere(here)) {
            halt();
        }
    }

    /** Whether this time is the one; for a place that has something to do before it dies. */
    boolean isHere(String here) {
        return here.equals(place) && times.incrementAndGet() == at;
    }

    void halt() {
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
