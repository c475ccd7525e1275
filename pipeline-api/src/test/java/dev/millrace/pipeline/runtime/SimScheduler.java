package dev.millrace.pipeline.runtime;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** Virtual time: events run one at a time in the order of their times, and chance breaks ties. */
final class SimScheduler {

    final SplittableRandom random;

    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final BooleanSupplier isHalted;
    private long now = 1_000_000_000L;
    private long sequence;
    private long events;

    SimScheduler(SplittableRandom random, BooleanSupplier isHalted) {
        this.random = random;
        this.isHalted = isHalted;
    }

    long now() {
        return now;
    }

    /** How many events have run. */
    long events() {
        return events;
    }

    void after(long delayNanos, Runnable task) {
        queue.add(new Event(now + delayNanos, random.nextInt(), sequence++, task));
    }

    /** Runs events until the condition holds or the next event lies beyond the deadline; says whether it holds. */
    boolean runUntil(BooleanSupplier condition, long deadline) {
        while (!condition.getAsBoolean()) {
            Event next = queue.peek();
            if (isHalted.getAsBoolean()) {
                return false;
            }
            if (next == null || next.at > deadline) {
                now = Math.max(now, deadline);
                return false;
            }
            queue.remove();
            now = Math.max(now, next.at);
            events++;
            next.task.run();
        }
        return true;
    }

    private record Event(long at, int tie, long sequence, Runnable task) implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            if (at != other.at) {
                return Long.compare(at, other.at);
            }
            return tie != other.tie ? Integer.compare(tie, other.tie) : Long.compare(sequence, other.sequence);
        }
    }
}
