package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.spi.Lookup;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/*
 * An enrichment that is answered later. Values wait in `waiting` until the gate lets their lookup begin, or in `again`
 * where it is not the first one, the oldest first in either; lookups run side by side whatever the ordering, for they
 * change nothing. Where an order is kept, a value also stands in the queue of its
 * lane from its arrival on, and goes on only when all before it in the lane have gone or were given up. A value is in
 * exactly one of these conditions: waiting, asked, backing off, settled. A deadline ends any of the first three,
 * and so does a limit behind this stage that is reached.
 */
final class EnrichStep extends Step {

    static final int DEFAULT_CONCURRENCY = 256;

    private final StageNode.Enrich node;
    private final Lookup<Object, Object> lookup;
    private final Gate gate;
    private final RetryPolicy retry;
    private final Ordering ordering;
    private final long timeoutNanos;
    private final ArrayDeque<Item> waiting = new ArrayDeque<>();
    private final PriorityQueue<Item> again = new PriorityQueue<>(Comparator.comparingLong(item -> item.arrival));
    private final BackOffs<Item> backOffs;
    // Both in the order in which they came, so that what is done with all of them is the same each time.
    private final Map<Object, Lane> lanes = new LinkedHashMap<>();
    private final Set<Item> asked = new LinkedHashSet<>();

    private final Deadlines<Item> deadlines;
    final CallCounters calls;
    private final Runnable turn = this::roomAtGate;
    private boolean isAtGate;
    private boolean isLeftOff;

    EnrichStep(
            StageNode.Enrich node,
            Lookup<Object, Object> lookup,
            Gate gate,
            FailurePolicy onFailure,
            FailureRouter router) {
        super(node.name(), onFailure, router);
        this.node = node;
        this.lookup = lookup;
        this.gate = gate;
        this.retry = node.options().retry();
        this.ordering = node.options().ordering();
        this.timeoutNanos = Attempt.timeoutNanos(node.options());
        this.backOffs = new BackOffs<>(worker, again::add);
        this.deadlines = new Deadlines<>(worker, Deadlines.nanosOf(node.options()), this::missed);
        this.calls = new CallCounters(worker.now());
    }

    @Override
    void takeOver(Step former) {
        super.takeOver(former);
        calls.takeOver(((EnrichStep) former).calls);
    }

    @Override
    public void accept(Flight flight, @Nullable Object key, Object value) {
        in++;
        Object question;
        @Nullable Lane lane;
        try {
            question = SyncSteps.notNull(node.keyOf().apply(value));
            lane = lane(Lanes.of(ordering, flight, key));
        } catch (Throwable failure) {
            giveUp(flight, failure);
            return;
        }
        flight.retain();
        flight.heldBy(this);
        worker.hold(1);
        Item item = new Item(in, flight, key, value, question, lane);
        if (item.lane != null) {
            item.lane.items.add(item);
        }
        deadlines.add(item);
        waiting.add(item);
        ask();
    }

    private @Nullable Lane lane(@Nullable Object name) {
        return name == null ? null : lanes.computeIfAbsent(name, Lane::new);
    }

    private void missed(Item item) {
        Throwable missed = deadlines.missed(item.lastFailure);
        if (item.attempt != null) {
            item.attempt.breakOff(missed);
        } else {
            takeOut(item);
            answered(item, null, missed);
        }
    }

    /** What waits of it goes to nobody; nor does what is asked for, once that is answered. */
    @Override
    @SuppressWarnings("ReferenceEquality") // this assignment is meant, no other of that name
    void closed(Partition partition) {
        notAsked().stream()
                .filter(item -> item.flight.partition == partition)
                .toList()
                .forEach(item -> {
                    takeOut(item);
                    settle(item);
                });
    }

    /**
     * Nothing is asked for any more. Nor does go on what is answered but waits for others in its lane: where the way to
     * the limit is not the only one, it would get ahead of them there.
     */
    @Override
    void leaveOff() {
        isLeftOff = true;
        lanes.values().forEach(Lane::refuseAnswered);
        notAsked().forEach(item -> {
            takeOut(item);
            refuse(item);
        });
        List.copyOf(asked).forEach(item -> Objects.requireNonNull(item.attempt).breakOff(new CancellationException()));
    }

    private List<Item> notAsked() {
        return Stream.<Collection<Item>>of(waiting, again, backOffs.all())
                .flatMap(Collection::stream)
                .toList();
    }

    private void refuse(Item item) {
        item.flight.refuse();
        settle(item);
    }

    private void takeOut(Item item) {
        backOffs.remove(item);
        if (!again.remove(item)) {
            waiting.remove(item);
        }
    }

    /** The time for those whose back-off has ended in this cycle, all of which are here now. */
    @Override
    void endOfCycle() {
        ask();
    }

    private void ask() {
        while (!isAtGate && (!again.isEmpty() || !waiting.isEmpty())) {
            if (!gate.tryEnter(worker, turn)) {
                isAtGate = true;
                return;
            }
            start(again.isEmpty() ? waiting.remove() : again.remove());
        }
    }

    private void roomAtGate() {
        isAtGate = false;
        ask();
        gate.tried();
    }

    private void start(Item item) {
        if (item.flight.partition.isClosed()) {
            gate.leave();
            settle(item);
            return;
        }
        CompletionStage<Optional<Object>> answer;
        long since = worker.engine.environment.nanoTime();
        try {
            answer = SyncSteps.notNull(lookup.find(item.question));
        } catch (Throwable failure) {
            Failures.rethrowIfFatal(failure);
            answer = CompletableFuture.failedStage(failure);
        }
        item.attempt = new Attempt<>(worker, gate, timeoutNanos, (found, failure) -> {
            long now = worker.engine.environment.nanoTime();
            calls.add(now - since, now);
            item.attempt = null;
            asked.remove(item);
            answered(item, found, failure);
        });
        asked.add(item);
        item.attempt.await(answer);
    }

    private void answered(Item item, @Nullable Optional<Object> answer, @Nullable Throwable failure) {
        if (isLeftOff) {
            refuse(item);
        } else if (failure == null && answer == null) {
            answered(item, null, new NullPointerException("the lookup answered null rather than an empty Optional"));
        } else if (failure == null) {
            item.answer = answer;
            reached(true);
            settle(item);
        } else if (Failures.isUnavailable(failure)) {
            item.outages++;
            item.lastFailure = failure;
            later(item, unreached(failure, retry, item.outages));
        } else if (Failures.isPermanent(failure) || item.failures + 1 >= retry.maxAttempts()) {
            item.failures++;
            item.isGivenUp = true;
            giveUpWithToken(item.flight, failure, item.failures);
            settle(item);
        } else {
            retries++;
            item.failures++;
            item.lastFailure = failure;
            item.flight.attempted(item.failures);
            worker.engine.listeners.onRetry(name, item.flight.position(), item.failures, failure);
            later(item, retry.delayNanos(item.failures, worker.engine.environment.random()));
        }
    }

    private void later(Item item, long delayNanos) {
        if (item.flight.partition.isClosed()) {
            settle(item);
        } else {
            backOffs.add(item, delayNanos);
        }
    }

    /** The value needs no more lookups; it goes on as soon as its lane allows. */
    private void settle(Item item) {
        item.isSettled = true;
        deadlines.remove(item);
        if (item.lane == null) {
            letGo(item);
            return;
        }
        ArrayDeque<Item> items = item.lane.items;
        for (Item first = items.peek(); first != null && first.isSettled; first = items.peek()) {
            items.remove();
            letGo(first);
        }
        if (items.isEmpty()) {
            lanes.remove(item.lane.name, item.lane);
        }
    }

    private void letGo(Item item) {
        worker.hold(-1);
        item.flight.letGoBy(this);
        if (item.isGivenUp) {
            return;
        }
        if (item.answer != null && !item.flight.partition.isClosed()) {
            worker.takes(item.flight);
            join(item, item.answer);
        }
        item.flight.release();
    }

    private void join(Item item, Optional<Object> answer) {
        if (answer.isEmpty()) {
            misses++;
            if (node.inner()) {
                dropped++;
                return;
            }
        } else {
            hits++;
        }
        Object joined;
        try {
            joined = SyncSteps.notNull(node.combine().apply(item.value, answer));
        } catch (Throwable failure) {
            giveUp(item.flight, failure);
            return;
        }
        out++;
        next.accept(item.flight, item.key, joined);
    }

    /** The values of one name that have not gone on, in the order of their arrival. */
    private static final class Lane {

        final Object name;
        final ArrayDeque<Item> items = new ArrayDeque<>();

        Lane(Object name) {
            this.name = name;
            Lanes.keep(name);
        }

        void refuseAnswered() {
            for (Item item : items) {
                if (item.answer != null) {
                    item.answer = null;
                    item.flight.refuse();
                }
            }
        }
    }

    private static final class Item {

        /** Its number among those that have come. */
        final long arrival;

        final Flight flight;
        final @Nullable Object key;
        final Object value;
        final Object question;
        final @Nullable Lane lane;

        @Nullable
        Optional<Object> answer;

        /** While it is asked for. */
        @Nullable
        Attempt<Optional<Object>> attempt;

        @Nullable
        Throwable lastFailure;

        int failures;
        int outages;
        boolean isGivenUp;
        boolean isSettled;

        Item(long arrival, Flight flight, @Nullable Object key, Object value, Object question, @Nullable Lane lane) {
            this.arrival = arrival;
            this.flight = flight;
            this.key = key;
            this.value = value;
            this.question = question;
            this.lane = lane;
        }
    }
}
