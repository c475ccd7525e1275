package dev.millrace.pipeline.runtime;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of changes one at a time and in their order, though any thread may make the next one while one is being told.
 * Nobody waits: whoever finds another thread telling leaves its change to that one.
 */
final class StateChanges {

    private final Consumer<PipelineState> listener;
    private final Queue<PipelineState> untold = new ArrayDeque<>();
    private @Nullable Thread telling;

    StateChanges(Consumer<PipelineState> listener) {
        this.listener = listener;
    }

    synchronized void add(PipelineState state) {
        untold.add(state);
    }

    /** Whether this thread has been called from here. */
    synchronized boolean isTelling() {
        return telling == Thread.currentThread();
    }

    /** Tells of all changes that nobody has been told of, unless another thread is doing so. */
    void tell() {
        if (!begin()) {
            return;
        }
        try {
            for (PipelineState next = next(); next != null; next = next()) {
                listener.accept(next);
            }
        } catch (Throwable failure) {
            end();
            throw failure;
        }
    }

    private synchronized boolean begin() {
        if (telling != null) {
            return false;
        }
        telling = Thread.currentThread();
        return true;
    }

    /** With the last one it ends, in one step: a change that is added from now on finds nobody telling. */
    private synchronized @Nullable PipelineState next() {
        PipelineState next = untold.poll();
        if (next == null) {
            end();
        }
        return next;
    }

    private synchronized void end() {
        telling = null;
    }
}
