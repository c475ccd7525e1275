package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StateTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One worker's part of an aggregate: the states of its partitions. They are loaded before the first record of a partition
 * begins, and kept when what they come to has been written; only then may the partition's offsets be committed.
 */
final class AggregateStep extends Step {

    private final AggregateRounds rounds;
    private final StateTable table;
    private final RetryPolicy retry;
    private final Map<Partition, KeyedStates> states = new LinkedHashMap<>();
    private int askedAfter = -1;

    AggregateStep(
            StageNode.Aggregate node,
            AggregateRounds rounds,
            StateTable table,
            FailurePolicy onFailure,
            FailureRouter router) {
        super(node.name(), onFailure, router);
        this.rounds = rounds;
        this.table = table;
        this.retry = node.options().retry();
        rounds.join(this);
    }

    /** What has changed in a partition, and up to where its records are done. */
    record Part(AggregateStep step, Partition partition, long upTo, List<KeyedStates.State> changes) {}

    @Override
    public void accept(Flight flight, @Nullable Object key, Object value) {
        in++;
        KeyedStates mine = Objects.requireNonNull(states.get(flight.partition));
        try {
            if (!mine.add(SyncSteps.notNull(key), value, flight.offset)) {
                dropped++;
            }
        } catch (Throwable failure) {
            giveUp(flight, failure);
        }
    }

    @Override
    void opened(Partition partition) {
        partition.keepBack();
        call(() -> table.load(partition.name), 0, kept -> loaded(partition, kept));
    }

    private void loaded(Partition partition, List<KeptState> kept) {
        if (partition.isClosed()) {
            return;
        }
        KeyedStates mine = rounds.states();
        List<KeyedStates.State> loaded = new ArrayList<>(kept.size());
        try {
            for (KeptState each : kept) {
                loaded.add(mine.load(each));
            }
        } catch (Throwable failure) {
            Failures.rethrowIfFatal(failure);
            worker.engine.stageFailed(name, failure);
            return;
        }
        states.put(partition, mine);
        rounds.loaded(partition, loaded);
        partition.savedBelow(Partition.NO_FRONTIER);
        worker.admit(partition);
    }

    @Override
    void closed(Partition partition) {
        states.remove(partition);
        rounds.closed(partition);
    }

    /** Where somebody waits for the end of a partition, or of all, a round need not wait for its time. */
    @Override
    void endOfCycle() {
        rounds.goOn(this);
        boolean isAwaited = worker.isDraining() || states.keySet().stream().anyMatch(partition -> partition.isLeaving);
        if (isAwaited && askedAfter != rounds.finished() && states.keySet().stream().anyMatch(Partition::isUnsaved)) {
            askedAfter = rounds.finished();
            rounds.ask();
        }
    }

    /** What has changed since the last round. */
    List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        states.forEach((partition, mine) -> parts.add(new Part(this, partition, partition.doneBelow(), mine.takeChanges())));
        return parts;
    }

    /** Keeps what has been written, and lets the offsets of that be committed. */
    void save(Part part, Runnable then) {
        @Nullable KeyedStates mine = states.get(part.partition());
        if (mine == null || part.partition().isClosed()) {
            then.run();
            return;
        }
        List<KeptState> kept = new ArrayList<>(part.changes().size());
        try {
            for (KeyedStates.State state : part.changes()) {
                kept.add(mine.kept(state));
            }
        } catch (Throwable failure) {
            Failures.rethrowIfFatal(failure);
            worker.engine.stageFailed(name, failure);
            return;
        }
        if (kept.isEmpty()) {
            part.partition().savedBelow(part.upTo());
            then.run();
        } else {
            call(() -> table.save(part.partition().name, kept), 0, saved -> {
                part.partition().savedBelow(part.upTo());
                then.run();
            });
        }
    }

    void out(Flight flight, Object key, Object value) {
        out++;
        next.accept(flight, key, value);
    }

    /** Again and again while the store is unavailable. */
    private <T> void call(ThrowingSupplier<CompletionStage<T>> call, int failures, Consumer<T> then) {
        CompletionStage<T> answer;
        try {
            answer = SyncSteps.notNull(call.get());
        } catch (Throwable failure) {
            Failures.rethrowIfFatal(failure);
            answer = CompletableFuture.failedStage(failure);
        }
        answer.whenComplete((result, failure) -> worker.execute(() -> {
            @Nullable Throwable cause = failure == null ? null : Failures.unwrapped(failure);
            if (cause == null) {
                reached(true);
                then.accept(result);
            } else if (Failures.isUnavailable(cause)) {
                unavailable++;
                reached(false);
                long delay = retry.delayNanos(failures + 1, worker.engine.environment.random());
                worker.engine.listeners.onUnavailable(name, delay, cause);
                worker.timers.at(worker.now() + delay, () -> call(call, failures + 1, then));
            } else {
                Failures.rethrowIfFatal(cause);
                worker.engine.stageFailed(name, cause);
            }
        }));
    }
}
