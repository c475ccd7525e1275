package dev.millrace.pipeline.runtime;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What a worker is to do later. Belongs to that worker. */
final class Timers {

    private final PriorityQueue<Timer> queue = new PriorityQueue<>();
    private long sequence;

    /** Runs the task in the first cycle at or after the given time. */
    Timer at(long nanoTime, Runnable task) {
        Timer timer = new Timer(nanoTime, sequence++, task);
        queue.add(timer);
        return timer;
    }

    /**
     * Those that are added meanwhile come next time, lest a task that goes on without delay keep the worker for itself.
     */
    void fire(long now) {
        long added = sequence;
        for (Timer first = queue.peek();
                first != null && first.at - now <= 0 && first.sequence < added;
                first = queue.peek()) {
            queue.remove();
            Runnable task = first.task;
            if (task != null) {
                task.run();
            }
        }
    }

    /** Nanoseconds until the next one is due, 0 if it is overdue. */
    long delay(long now) {
        Timer first = queue.peek();
        return first == null ? Environment.Cycle.WHEN_WOKEN : Math.max(0, first.at - now);
    }

    static final class Timer implements Comparable<Timer> {

        private final long at;
        private final long sequence;
        private @Nullable Runnable task;

        private Timer(long at, long sequence, Runnable task) {
            this.at = at;
            this.sequence = sequence;
            this.task = task;
        }

        /** Cancelled timers stay queued until they are due, but hold on to nothing. */
        void cancel() {
            task = null;
        }

        @Override
        public int compareTo(Timer other) {
            int byTime = Long.signum(at - other.at);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }
}
