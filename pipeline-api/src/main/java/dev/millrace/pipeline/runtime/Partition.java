package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * A partition of the source during one assignment. The object is the epoch: when the partition is assigned again there is
 * a new one, and whatever still holds the old one finds it closed.
 *
 * The ledger is the run of flights from the commit frontier to the newest record, in the order of their offsets. The
 * frontier is the offset of its first flight that is not done, or one past the last record taken from the inbox. Records
 * in the inbox come after all of the ledger, so they need no entry.
 *
 * Three parties share it without locks. The source loop alone writes what it has dispatched, paused and committed. The
 * worker alone writes inbox and ledger, and once in each of its cycles publishes the frontier and the counts. Whoever else
 * looks reads what is published, so that a commit comes from one snapshot.
 */
final class Partition {

    /** No record has been taken from the inbox yet, so there is nothing to commit. */
    static final long NO_FRONTIER = -1;

    final String name;
    final Worker worker;

    // The source loop's.
    long dispatchedRecords;
    long dispatchedBytes;
    long committed = NO_FRONTIER;
    boolean isPaused;
    List<PipelineRecord<?>> outgoing = new ArrayList<>();

    // The worker's.
    boolean isLeaving;
    private final ArrayDeque<List<? extends PipelineRecord<?>>> inbox = new ArrayDeque<>();
    private final ArrayDeque<Flight> ledger = new ArrayDeque<>();
    private int cursor;
    private long next = NO_FRONTIER;
    private long begunRecords;
    private long doneRecords;
    private long doneBytes;
    private boolean isClosed;
    private boolean isDirty;

    // Published by the worker.
    private volatile long publishedFrontier = NO_FRONTIER;
    private volatile long publishedRecords;
    private volatile long publishedBytes;
    private volatile long publishedBegun;
    private volatile int publishedLedgerSize;

    Partition(String name, Worker worker) {
        this.name = name;
        this.worker = worker;
    }

    /** The first offset not done, or {@link #NO_FRONTIER}. From any thread. */
    long frontier() {
        return publishedFrontier;
    }

    /** Records dispatched and not done. The source loop's. */
    long recordsInFlight() {
        return dispatchedRecords - publishedRecords;
    }

    /** Bytes dispatched and not done. The source loop's. */
    long bytesInFlight() {
        return dispatchedBytes - publishedBytes;
    }

    /** Records dispatched that no flight has begun of. The source loop's. */
    long recordsWaiting() {
        return dispatchedRecords - publishedBegun;
    }

    /** Flights from the frontier to the newest, done or not. From any thread. */
    int ledgerSize() {
        return publishedLedgerSize;
    }

    // From here on: the worker's.

    void receive(List<? extends PipelineRecord<?>> records) {
        if (!isClosed) {
            worker.counters.received += records.size();
            inbox.add(records);
        }
    }

    boolean hasInbox() {
        return !inbox.isEmpty();
    }

    /** The next record of the inbox, entered into the ledger. */
    Flight begin(long now) {
        List<? extends PipelineRecord<?>> records = inbox.getFirst();
        PipelineRecord<?> raw = records.get(cursor);
        if (++cursor == records.size()) {
            inbox.removeFirst();
            cursor = 0;
        }
        Flight flight = new Flight(this, raw, now);
        begunRecords++;
        worker.counters.begun++;
        ledger.addLast(flight);
        next = flight.offset + 1;
        touch();
        return flight;
    }

    void completed(Flight flight) {
        worker.counters.done++;
        if (isClosed) {
            worker.counters.late++;
            return;
        }
        doneRecords++;
        doneBytes += flight.sizeInBytes;
        worker.counters.deadLetters += flight.isDeadLettered ? 1 : 0;
        for (Flight first = ledger.peekFirst(); first != null && first.isDone(); first = ledger.peekFirst()) {
            ledger.removeFirst();
        }
        touch();
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Forgets the records not yet begun: they will come again, here or elsewhere. */
    void discardInbox() {
        for (List<? extends PipelineRecord<?>> records : inbox) {
            for (PipelineRecord<?> record : records.subList(cursor, records.size())) {
                begunRecords++;
                doneRecords++;
                doneBytes += record.sizeInBytes();
                worker.counters.discarded++;
            }
            cursor = 0;
        }
        inbox.clear();
        touch();
    }

    /** Ends the epoch: what is still in flight of it no longer counts. */
    void close() {
        discardInbox();
        isClosed = true;
        ledger.clear();
    }

    /** The flight that holds the frontier back. */
    @Nullable
    Flight first() {
        return ledger.peekFirst();
    }

    private void touch() {
        if (!isDirty) {
            isDirty = true;
            worker.touched(this);
        }
    }

    void publish() {
        isDirty = false;
        if (isClosed) {
            return;
        }
        Flight first = ledger.peekFirst();
        publishedFrontier = first == null ? next : first.offset;
        publishedBytes = doneBytes;
        publishedBegun = begunRecords;
        publishedLedgerSize = ledger.size();
        publishedRecords = doneRecords;
    }
}
