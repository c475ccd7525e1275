package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.OffsetRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
 * looks reads what is published, so that a commit comes from one snapshot. What is done beyond the frontier it publishes
 * when asked, for the next commit: nothing done becomes undone within an assignment, so that stays true.
 */
class Partition {

    /** No record has been taken from the inbox yet, so there is nothing to commit. */
    static final long NO_FRONTIER = -1;

    private static final long UNKNOWN = -1;
    /** For each flight of the ledger: some twenty times as long as it takes to look at it. */
    private static final long NANOS_BETWEEN_WALKS = 1_000;

    private static final long NO_TIMESTAMP = Long.MIN_VALUE;

    final String name;
    final Worker worker;

    // The source loop's.
    long dispatchedRecords;
    long dispatchedBytes;
    long committed = NO_FRONTIER;
    List<OffsetRun> committedRuns = List.of();
    boolean isPaused;
    List<PipelineRecord<?>> outgoing = new ArrayList<>();
    long outgoingBytes;

    // The worker's.
    boolean isLeaving;
    /** Whether its records have to wait in the inbox, for a stage is not ready for more. */
    boolean isHeld;

    private final ArrayDeque<List<? extends PipelineRecord<?>>> inbox = new ArrayDeque<>();
    private final ArrayDeque<Flight> ledger = new ArrayDeque<>();
    /** From so many flights on a source that is held back for a lagging frontier waits for this partition as well. */
    private final int wideGap;

    private int cursor;
    private long next = NO_FRONTIER;
    private long receivedRecords;
    private long receivedBytes;
    private long nextRuns;
    private long begunRecords;
    private long doneRecords;
    private long doneBytes;
    /** Records given up whose dead letters are not stored. */
    private int givenUp;

    private boolean isClosed;
    private boolean isDirty;
    /** What it is to come down to, while it is set aside. */
    private @Nullable Room awaited;

    /** The last record of the runs that have been taken from the inbox as a whole. */
    private long lastTimestamp = NO_TIMESTAMP;

    // Published by the worker.
    private volatile long publishedFrontier = NO_FRONTIER;
    private volatile long publishedRecords;
    private volatile long publishedBytes;
    private volatile long publishedBegun;
    private volatile int publishedLedgerSize;
    private volatile long publishedSince;
    private volatile long publishedTimestamp = NO_TIMESTAMP;
    private volatile boolean isHolding;
    private volatile List<OffsetRun> publishedRuns = List.of();

    // Published by the source loop.
    private volatile long lag = UNKNOWN;
    private volatile long caughtUpAt = NO_TIMESTAMP;

    Partition(String name, Worker worker) {
        this.name = name;
        this.worker = worker;
        this.nextRuns = worker.engine.environment.nanoTime();
        this.wideGap = Math.max(1, worker.engine.options.maxGap / 2);
    }

    /** The first offset not done, or {@link #NO_FRONTIER}. From any thread. */
    long frontier() {
        return publishedFrontier;
    }

    /**
     * What was done beyond the frontier when {@link #publishRuns} was last called. Must be read before the frontier:
     * with an older one, what was done in between would come again, but not its successors in these runs. From any
     * thread.
     */
    List<OffsetRun> runs() {
        return publishedRuns;
    }

    /** Whether {@link #publishRuns} may have anything new to tell. From any thread. */
    boolean hasRuns() {
        return publishedLedgerSize > 1 || !publishedRuns.isEmpty();
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

    /** Whether it has not got so much room. The source loop's. */
    boolean lacks(Room room) {
        return recordsInFlight() > room.records || bytesInFlight() > room.bytes || publishedLedgerSize > room.gap;
    }

    /**
     * What a partition is to come down to.
     *
     * @param records in flight
     * @param bytes in flight
     * @param gap flights from the frontier to the newest
     */
    record Room(long records, long bytes, long gap) {}

    /** Flights from the frontier to the newest, done or not. From any thread. */
    int ledgerSize() {
        return publishedLedgerSize;
    }

    /** Notes how many records follow those that have been polled. The source loop's. */
    void unread(long records, Instant now) {
        lag = records + recordsInFlight();
        if (lag == 0) {
            caughtUpAt = now.toEpochMilli();
        }
    }

    /** How things stand. From any thread. */
    @SuppressWarnings("ReferenceEquality") // this assignment is meant, no other of that name
    PartitionStats stats(long nanoTime, Instant now) {
        long frontier = publishedFrontier;
        int gap = publishedLedgerSize;
        long since = publishedSince;
        @Nullable Flight atHand = worker.atHand();
        if (gap == 0 && atHand != null && atHand.partition == this) {
            // Begun in a cycle that has not ended, and never will if a function blocks.
            frontier = frontier == NO_FRONTIER ? atHand.offset : frontier;
            gap = 1;
            since = atHand.since;
        }
        long behind = lag;
        return new PartitionStats(
                name,
                frontier == NO_FRONTIER ? OptionalLong.empty() : OptionalLong.of(frontier),
                Duration.ofNanos(gap == 0 ? 0 : Math.max(0, nanoTime - since)),
                gap,
                behind == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(behind),
                lagTime(behind, now.toEpochMilli()));
    }

    /**
     * Of a record that waits to be polled no timestamp is known, but it is no older than the last one done, and has
     * come since nothing was left to read.
     */
    private Optional<Duration> lagTime(long behind, long now) {
        long since;
        if (isHolding) {
            since = publishedTimestamp;
        } else if (behind > 0) {
            since = Math.max(publishedTimestamp, caughtUpAt);
        } else {
            return behind == 0 ? Optional.of(Duration.ZERO) : Optional.empty();
        }
        return since == NO_TIMESTAMP ? Optional.empty() : Optional.of(Duration.ofMillis(Math.max(0, now - since)));
    }

    // From here on: the worker's.

    void receive(List<? extends PipelineRecord<?>> records, long bytes) {
        if (!isClosed) {
            receivedRecords += records.size();
            receivedBytes += bytes;
            worker.counters.received += records.size();
            worker.counters.receivedBytes += bytes;
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
            lastTimestamp = timestamp(raw);
        }
        Flight flight = new Flight(this, raw, now);
        begunRecords++;
        worker.counters.begun++;
        ledger.addLast(flight);
        if (ledger.size() == wideGap) {
            worker.lagging(1);
        }
        next = flight.offset + 1;
        touch();
        return flight;
    }

    void completed(Flight flight) {
        if (flight.isRefused()) {
            givenBack(flight);
            return;
        }
        int bytes = flight.raw().sizeInBytes();
        worker.counters.done++;
        worker.counters.settledBytes += bytes;
        if (isClosed) {
            worker.counters.late++;
            return;
        }
        doneRecords++;
        doneBytes += bytes;
        givenBack(flight);
        for (Flight first = ledger.peekFirst(); first != null && first.isDone(); first = ledger.peekFirst()) {
            if (ledger.size() == wideGap) {
                worker.lagging(-1);
            }
            ledger.removeFirst();
        }
        touch();
    }

    /** Nothing of a record is under way any more, nor its dead letter, if there was one. */
    private void givenBack(Flight flight) {
        if (!isClosed && flight.isDeadLettered) {
            worker.counters.deadLetters++;
            givenUp--;
            if (givenUp == 0 && isHeld) {
                worker.admit(this);
            }
        }
    }

    /** A record that a limit refuses counts as one that has not begun, but holds the frontier: it comes again. */
    void leftUndone(Flight flight) {
        int bytes = flight.raw().sizeInBytes();
        worker.counters.begun--;
        worker.counters.discarded++;
        worker.counters.settledBytes += bytes;
        if (!isClosed) {
            doneRecords++;
            doneBytes += bytes;
            touch();
        }
    }

    /** A record is given up: if nothing becomes of its dead letter, it comes again. */
    void givesUp() {
        givenUp++;
    }

    /** Whether there are any such records, not counting the one that only waits for who asks. */
    boolean hasGivenUp(Flight asking) {
        return givenUp > (asking.isDeadLettered && asking.isDoneButForOne() ? 1 : 0);
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
                worker.counters.settledBytes += record.sizeInBytes();
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
        if (isLagging()) {
            worker.lagging(-1);
        }
        ledger.clear();
    }

    /** Whether its frontier lags so far that a source may be held back until it moves. */
    boolean isLagging() {
        return ledger.size() >= wideGap;
    }

    /** The flight that holds the frontier back. */
    @Nullable
    Flight first() {
        return ledger.peekFirst();
    }

    /** The first flight that is neither done nor left to the next run. */
    @Nullable
    Flight firstWaitedFor() {
        for (Flight flight : ledger) {
            if (flight.isWaitedFor()) {
                return flight;
            }
        }
        return null;
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
        publishedSince = first == null ? 0 : first.since;
        publishedTimestamp = first == null ? nextTimestamp() : timestamp(first.raw());
        isHolding = first != null || !inbox.isEmpty();
        publishedBytes = doneBytes;
        publishedBegun = begunRecords;
        publishedLedgerSize = ledger.size();
        publishedRecords = doneRecords;
    }

    /** The source reads no more of it until it has so much room; {@code null}: it reads on. */
    void await(@Nullable Room room) {
        awaited = isClosed ? null : room;
        touch();
    }

    boolean isAside() {
        return awaited != null;
    }

    /** Whether it has come down to what the source waits for. */
    boolean hasMadeRoom() {
        Room room = awaited;
        return room != null
                && receivedRecords - doneRecords <= room.records
                && receivedBytes - doneBytes <= room.bytes
                && ledger.size() <= room.gap;
    }

    /** As {@link #publishRuns}, but not so often that the worker would do little else. */
    void publishRunsIfDue() {
        if (nextRuns - worker.now() <= 0) {
            nextRuns = worker.now() + ledger.size() * NANOS_BETWEEN_WALKS;
            publishRuns();
        }
    }

    /** Walks the whole ledger. The frontier is published before. */
    void publishRuns() {
        if (!isClosed) {
            publish();
            publishedRuns = DoneRuns.in(ledger);
        }
    }

    /** Of the record that is taken next, or else of the last one. */
    private long nextTimestamp() {
        return inbox.isEmpty() ? lastTimestamp : timestamp(inbox.getFirst().get(cursor));
    }

    private static long timestamp(PipelineRecord<?> record) {
        return record.timestamp().map(Instant::toEpochMilli).orElse(NO_TIMESTAMP);
    }
}
