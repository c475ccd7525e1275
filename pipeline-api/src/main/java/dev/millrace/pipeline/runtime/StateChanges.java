package dev.millrace.pipeline.runtime;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of changes one at a time and in their order, though any thread may make the next one while one is being told.
 * Nobody waits: whoever finds another thread telling leaves its change to that one. Before it is opened it keeps them.
 */
final class StateChanges {

    private final Consumer<PipelineState> listener;
    private final Queue<PipelineState> untold = new ArrayDeque<>();
    private @Nullable Thread telling;
    private boolean isOpen;

    StateChanges(Consumer<PipelineState> listener) {
        this.listener = listener;
    }

    synchronized void open() {
        isOpen = true;
    }

    synchronized void add(PipelineState state) {
        untold.add(state);
    }

    /** Whether this thread has been called from here. */
    @SuppressWarnings("ReferenceEquality") // the thread itself is meant
    synchronized boolean isTelling() {
        return telling == Thread.currentThread();
    }

    /**
     * Tells of all changes that nobody has been told of, unless another thread is doing so. What the listener throws is
     * thrown on once the others have been told, for nobody else will tell of them.
     */
    void tell() {
        if (begin()) {
            tellAll();
        }
    }

    private void tellAll() {
        PipelineState next = next();
        if (next != null) {
            try {
                listener.accept(next);
            } finally {
                tellAll();
            }
        }
    }

    private synchronized boolean begin() {
        if (!isOpen || telling != null) {
            return false;
        }
        telling = Thread.currentThread();
        return true;
    }

    /** With the last one it ends, in one step: a change that is added from now on finds nobody telling. */
    private synchronized @Nullable PipelineState next() {
        PipelineState next = untold.poll();
        if (next == null) {
            telling = null;
        }
        return next;
    }
}
