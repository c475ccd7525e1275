package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Throttle;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Lets values go no sooner than the pace, common to all workers, allows; holds back its worker's intake meanwhile. */
final class ThrottleStep extends Step {

    private final Pace pace;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    ThrottleStep(StageNode.Throttled node, Pace pace, FailurePolicy onFailure, FailureRouter router) {
        super(node.name(), onFailure, router);
        this.pace = pace;
    }

    @Override
    public void accept(Flight flight, @Nullable Object key, Object value) {
        in++;
        long now = worker.now();
        long due = pace.reserve(now);
        if (waiting.isEmpty() && (due - now <= 0 || worker.isPaceOver())) {
            out++;
            next.accept(flight, key, value);
            return;
        }
        flight.retain();
        flight.heldBy(this);
        if (waiting.isEmpty()) {
            worker.holdBack(true);
        }
        waiting.add(new Waiting(flight, key, value, due));
        worker.timers.at(due, this::letGoDue);
    }

    /** A drain that somebody waits for cuts the pauses short, and so does a partition that leaves. */
    @Override
    void endOfCycle() {
        while (worker.isPaceOver() && !waiting.isEmpty()) {
            letGo();
        }
    }

    @Override
    void leaveOff() {
        while (!waiting.isEmpty()) {
            Flight flight = remove().flight;
            flight.refuse();
            flight.release();
        }
    }

    private void letGoDue() {
        Waiting first = waiting.peek();
        if (first != null && first.due - worker.now() <= 0) {
            letGo();
        }
    }

    private Waiting remove() {
        Waiting first = waiting.remove();
        first.flight.letGoBy(this);
        if (waiting.isEmpty()) {
            worker.holdBack(false);
        }
        return first;
    }

    private void letGo() {
        Waiting first = remove();
        if (!first.flight.partition.isClosed()) {
            worker.takes(first.flight);
            out++;
            next.accept(first.flight, first.key, first.value);
        }
        first.flight.release();
    }

    private record Waiting(Flight flight, @Nullable Object key, Object value, long due) {}

    /** When the next value of the pipeline may pass. */
    static final class Pace {

        private static final long CATCH_UP_NANOS = 5_000_000;

        private final Throttle throttle;
        private final Environment environment;
        private long next;

        Pace(Throttle throttle, Environment environment) {
            this.throttle = throttle;
            this.environment = environment;
            this.next = environment.nanoTime();
        }

        /** Takes the next place. Time lost is made good only as far as timers are late, never by a burst. */
        synchronized long reserve(long now) {
            long earliest = now - CATCH_UP_NANOS;
            long due = next - earliest > 0 ? next : earliest;
            next = due + throttle.nextPauseNanos(environment.random());
            return due;
        }
    }
}
