package dev.millrace.cassandra;

import dev.millrace.pipeline.spi.UnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a bounded number of requests under way; rows for which there is no room wait, and gather company meanwhile. A
 * row for which there is room goes at once, so that only what waits anyway is grouped. Nobody blocks.
 *
 * <p>A request that the server refuses is halved, and the halves go next, until they have gone through or the row to
 * blame stands alone. When as many requests in a row have found the cluster unavailable as the window held when the
 * first of them did, the rows that wait fail with them, rather than each go through a timeout of its own.
 *
 * <p>Requests of one partition may be under way together, and a later one may arrive first: which row stays is for
 * their write timestamps to say.
 */
final class RowWindow {

    /** What the window counts as where it is smaller: one row that fails must not speak for thousands. */
    private final int leastWindow;

    private final Function<List<Row>, ? extends CompletionStage<?>> sender;
    private final Function<Throwable, Throwable> translation;
    private final RowQueue waiting;
    private final AdaptiveLimit limit;
    private final AtomicInteger wakeups = new AtomicInteger();
    private int inFlight;
    private int unavailableInARow;
    private int windowOfFirst;

    /**
     * Makes one.
     *
     * @param most the most requests under way
     * @param batchBytes the most bytes of rows that share a request
     * @param replicas tells of which partitions rows may share one
     * @param sender sends rows as one request; may also throw
     * @param translation makes of a failure the one to report
     */
    RowWindow(
            int most,
            int batchBytes,
            Replicas replicas,
            Function<List<Row>, ? extends CompletionStage<?>> sender,
            Function<Throwable, Throwable> translation) {
        this.leastWindow = Math.min(most, AdaptiveLimit.FIRST);
        this.limit = new AdaptiveLimit(most, System.nanoTime());
        this.sender = sender;
        this.translation = translation;
        this.waiting = new RowQueue(batchBytes, replicas);
    }

    /** Each row's write hears once what became of it, on whichever thread comes by it. */
    void submit(List<Row> rows) {
        synchronized (this) {
            rows.forEach(waiting::add);
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
            for (List<Row> next = take(); next != null; next = take()) {
                send(next);
            }
            seen = wakeups.addAndGet(-seen);
        } while (seen > 0);
    }

    private synchronized @Nullable List<Row> take() {
        if (inFlight >= limit.get()) {
            return null;
        }
        List<Row> next = waiting.poll();
        if (next != null) {
            inFlight++;
        }
        return next;
    }

    private void send(List<Row> rows) {
        long sentAt = System.nanoTime();
        CompletionStage<?> sent;
        try {
            sent = sender.apply(rows);
        } catch (Throwable e) {
            sent = CompletableFuture.failedFuture(e);
        }
        sent.whenComplete((answer, failure) -> {
            if (failure == null) {
                written(rows, sentAt);
            } else {
                failed(rows, sentAt, translation.apply(failure));
            }
        });
    }

    private void written(List<Row> rows, long sentAt) {
        synchronized (this) {
            limit.written(sentAt, System.nanoTime(), inFlight >= limit.get());
            inFlight--;
            unavailableInARow = 0;
        }
        sendWhatFits();
        rows.forEach(row -> row.write().written());
    }

    private void failed(List<Row> rows, long sentAt, Throwable failure) {
        List<Row> doomed = release(rows, sentAt, failure);
        sendWhatFits();
        doomed.forEach(row -> row.write().failed(row.index(), failure));
    }

    /** The rows that have failed for good. How soon a refusal comes says nothing about the cluster. */
    private synchronized List<Row> release(List<Row> rows, long sentAt, Throwable failure) {
        inFlight--;
        if (failure instanceof UnavailableException) {
            return unavailable(rows, sentAt, failure);
        }
        unavailableInARow = 0;
        if (rows.size() == 1) {
            return rows;
        }
        int half = rows.size() / 2;
        waiting.addFirst(rows.subList(half, rows.size()));
        waiting.addFirst(rows.subList(0, half));
        return List.of();
    }

    private List<Row> unavailable(List<Row> rows, long sentAt, Throwable failure) {
        if (unavailableInARow == 0) {
            windowOfFirst = Math.max(leastWindow, limit.get());
        }
        limit.unavailable(sentAt, System.nanoTime(), Failures.isOverload(failure));
        unavailableInARow++;
        if (unavailableInARow < windowOfFirst) {
            return rows;
        }
        unavailableInARow = 0;
        List<Row> doomed = waiting.drain();
        doomed.addAll(rows);
        return doomed;
    }
}
