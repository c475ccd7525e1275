package dev.millrace.cassandra;

import dev.millrace.pipeline.spi.UnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a bounded number of requests under way; the rest wait in the order they came. Nobody blocks.
 *
 * <p>When as many requests in a row as the window holds have found the cluster unavailable, those that wait fail with
 * them, rather than each go through a timeout of its own.
 *
 * @param <Q> type of the requests
 * @param <A> type of the answers
 */
final class RequestWindow<Q, A> {

    private final int limit;
    private final Function<Q, ? extends CompletionStage<? extends A>> sender;
    private final Function<Throwable, Throwable> translation;
    private final Queue<Waiting<Q, A>> waiting = new ArrayDeque<>();
    private final AtomicInteger wakeups = new AtomicInteger();
    private int inFlight;
    private int unavailableInARow;

    /** With what sends a request, which may also throw, and what makes of a failure the one to report. */
    RequestWindow(
            int limit,
            Function<Q, ? extends CompletionStage<? extends A>> sender,
            Function<Throwable, Throwable> translation) {
        this.limit = limit;
        this.sender = sender;
        this.translation = translation;
    }

    /** The listener gets the answer or the failure, once, on whichever thread comes by it; it must not throw. */
    void submit(Q request, BiConsumer<? super @Nullable A, ? super @Nullable Throwable> listener) {
        synchronized (this) {
            waiting.add(new Waiting<>(request, listener));
        }
        sendWhatFits();
    }

    synchronized int inFlight() {
        return inFlight;
    }

    /** One thread sends at a time, so that requests that fail at once do not pile up calls within calls. */
    private void sendWhatFits() {
        if (wakeups.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        do {
            for (Waiting<Q, A> next = take(); next != null; next = take()) {
                send(next);
            }
            seen = wakeups.addAndGet(-seen);
        } while (seen > 0);
    }

    private synchronized @Nullable Waiting<Q, A> take() {
        if (inFlight == limit || waiting.isEmpty()) {
            return null;
        }
        inFlight++;
        return waiting.remove();
    }

    private void send(Waiting<Q, A> next) {
        CompletionStage<? extends A> sent;
        try {
            sent = sender.apply(next.request());
        } catch (Throwable e) {
            sent = CompletableFuture.failedFuture(e);
        }
        sent.whenComplete((answer, failure) -> finish(next, answer, failure));
    }

    private void finish(Waiting<Q, A> request, @Nullable A answer, @Nullable Throwable failure) {
        Throwable reported = failure == null ? null : translation.apply(failure);
        List<Waiting<Q, A>> doomed = release(reported instanceof UnavailableException);
        sendWhatFits();
        request.listener().accept(answer, reported);
        doomed.forEach(other -> other.listener().accept(null, reported));
    }

    private synchronized List<Waiting<Q, A>> release(boolean unavailable) {
        inFlight--;
        unavailableInARow = unavailable ? unavailableInARow + 1 : 0;
        if (unavailableInARow < limit) {
            return List.of();
        }
        unavailableInARow = 0;
        List<Waiting<Q, A>> doomed = new ArrayList<>(waiting);
        waiting.clear();
        return doomed;
    }

    private record Waiting<Q, A>(Q request, BiConsumer<? super @Nullable A, ? super @Nullable Throwable> listener) {}
}
