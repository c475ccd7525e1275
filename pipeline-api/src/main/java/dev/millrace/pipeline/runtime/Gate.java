package dev.millrace.pipeline.runtime;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * How many calls of a stage are under way, over all workers. A worker that finds no room leaves a task, which it is
 * handed when there is. Each task is a chance to try again, not a place.
 */
class Gate {

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int free;

    Gate(int permits) {
        free = permits;
    }

    synchronized boolean tryEnter(Executor worker, Runnable retry) {
        if (free > 0) {
            free--;
            return true;
        }
        waiting.add(new Waiting(worker, retry));
        return false;
    }

    void leave() {
        Waiting first;
        synchronized (this) {
            free++;
            first = waiting.poll();
        }
        if (first != null) {
            first.worker.execute(first.retry);
        }
    }

    /** Whoever was handed a chance says that it has tried: a chance that it did not take is the next one's. */
    void tried() {
        Waiting next;
        synchronized (this) {
            next = free > 0 ? waiting.poll() : null;
        }
        if (next != null) {
            next.worker.execute(next.retry);
        }
    }

    private record Waiting(Executor worker, Runnable retry) {}
}
