package dev.millrace.pipeline.runtime;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What a worker is to do later. Belongs to that worker. */
final class Timers {

    private static final int FEW = 64;

    private final PriorityQueue<Timer> queue = new PriorityQueue<>();
    private int cancelled;
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
            first.task = null;
            if (task == null) {
                cancelled--;
            } else {
                task.run();
            }
        }
    }

    /** Nanoseconds until the next one is due, 0 if it is overdue. */
    long delay(long now) {
        Timer first = queue.peek();
        return first == null ? Environment.Cycle.WHEN_WOKEN : Math.max(0, first.at - now);
    }

    /** How many are kept, cancelled ones among them: about as many as the others at most. */
    int size() {
        return queue.size();
    }

    /**
     * To take one out of the queue is to search it. So they go together, once they are most of it: what that costs is
     * shared by as many as it removes.
     */
    private void cancelled() {
        cancelled++;
        if (cancelled > FEW && cancelled > queue.size() / 2) {
            queue.removeIf(timer -> timer.task == null);
            cancelled = 0;
        }
    }

    final class Timer implements Comparable<Timer> {

        private final long at;
        private final long sequence;
        private @Nullable Runnable task;

        private Timer(long at, long sequence, Runnable task) {
            this.at = at;
            this.sequence = sequence;
            this.task = task;
        }

        /** It will not run, and holds on to nothing. Of no effect once it has run. */
        void cancel() {
            if (task != null) {
                task = null;
                cancelled();
            }
        }

        @Override
        public int compareTo(Timer other) {
            int byTime = Long.signum(at - other.at);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }
}
