package dev.millrace.pipeline.runtime;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to a batch means for each of its values. What a failed value of a lane has overtaken comes again
 * after it, for the last write to be of the last value.
 */
final class SinkAnswer {

    final List<SinkItem> written;
    final List<Failed> failed = new ArrayList<>();
    final List<SinkItem> overtaken = new ArrayList<>();
    /** Those that did not get there for an outage, and what follows them in their lanes. */
    final List<SinkItem> unreached = new ArrayList<>();

    @Nullable
    Throwable outage;

    /** What did not get there comes again together, and so not before the last of the times that are asked for. */
    private static Throwable longer(@Nullable Throwable one, Throwable other) {
        return one != null && Failures.retryAfterNanos(one) > Failures.retryAfterNanos(other) ? one : other;
    }

    /** A value that the writer could not write. */
    record Failed(SinkItem item, Throwable cause) {}

    /**
     * Sorts the values, leaving out those that are over.
     *
     * @param failures by the index of the value
     * @param maxAttempts after how many failures a value does not come again, so that nothing has to wait for it
     */
    SinkAnswer(List<SinkItem> items, Map<Integer, Throwable> failures, SinkLanes lanes, int maxAttempts) {
        written = new ArrayList<>(items.size());
        Set<Object> failedLanes = new HashSet<>();
        Set<Object> unreachedLanes = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            SinkItem item = items.get(i);
            if (item.isOver) {
                continue;
            }
            Throwable failure = failures.containsKey(i) ? Failures.unwrapped(failures.get(i)) : null;
            if (failure != null && Failures.isPermanent(failure)) {
                failed.add(new Failed(item, failure));
            } else if (failedLanes.contains(item.lane)) {
                overtaken.add(item);
            } else if (failure != null && Failures.isUnavailable(failure)) {
                outage = longer(outage, failure);
                unreached.add(item);
                lanes.noteIfOrdered(item, unreachedLanes);
            } else if (unreachedLanes.contains(item.lane)) {
                unreached.add(item);
            } else if (failure == null) {
                written.add(item);
            } else {
                failed.add(new Failed(item, failure));
                if (item.failures + 1 < maxAttempts) {
                    lanes.noteIfOrdered(item, failedLanes);
                }
            }
        }
    }
}
