package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StateTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Tells what an aggregate comes to, over the partitions of all workers, in rounds. They run on a worker that has no
 * partitions, the home, so that what one partition waits for never keeps the others from being told.
 *
 * At each interval the home asks the workers what has changed in their partitions. What they answer by is merged and goes
 * on, as one flight, down the home's chain. When the last sink has written it, the states are kept; when they are, the
 * partitions' frontiers are let go; and only then may the next round begin. So what is kept has been told, and what is
 * committed has been kept: a crash in between has the round made again, of the same records. A worker that does not answer,
 * for a function blocks it, is not waited for beyond the interval.
 *
 * Nothing is told while states of a partition are being loaded, for they would be missing.
 */
class AggregateRounds {

    private static final long IDLE = Long.MIN_VALUE;

    private final StageNode.Aggregate node;
    private final StateTable table;
    private final RetryPolicy retry;
    private final long intervalNanos;
    private final List<AggregateStep> steps = new CopyOnWriteArrayList<>();

    // From here on: the home's.

    private final MergedStates merged;
    private final Set<Partition> loading = new HashSet<>();
    private final Set<AggregateStep> silent = new HashSet<>();
    private List<Contribution> waiting = new ArrayList<>();
    private boolean isHurried;
    /** Written by the home. */
    private volatile long underWaySince = IDLE;

    private long rounds;
    private @Nullable Telling telling;
    private @Nullable Partition partition;

    AggregateRounds(StageNode.Aggregate node, StateTable table, MergedStates merged) {
        this.node = node;
        this.table = table;
        this.retry = node.options().retry();
        this.intervalNanos = Nanos.of(node.aggregation().interval());
        this.merged = merged;
    }

    /** What a round has told, or will, and whose it is. */
    record Contribution(AggregateStep step, AggregateStep.Share share) {}

    // Before the workers start.

    /** The last one to join is the home's. */
    void join(AggregateStep step) {
        steps.add(step);
    }

    /** Everybody has joined. */
    void begin() {
        partition = new Partition(node.name(), home().worker);
        home().worker.timers.at(home().worker.now() + intervalNanos, this::tick);
    }

    private AggregateStep home() {
        return steps.get(steps.size() - 1);
    }

    // From any thread.

    /**
     * A partition is being assigned: before any record of it, or of those assigned with it, is given out. None of them
     * begins until its states are here. They are loaded by the home, lest a worker that blocks keep all from being
     * told.
     */
    void opening(Partition opening) {
        opening.isHeld = true;
        AggregateStep step = steps.stream()
                .filter(each -> each.worker == opening.worker)
                .findFirst()
                .orElseThrow();
        home().worker.execute(() -> {
            // The end of a former assignment may not have been heard of yet, and its states must not come after these.
            loading.removeIf(former -> former.name.equals(opening.name));
            loading.add(opening);
            call(
                    () -> table.load(opening.name),
                    () -> loading.contains(opening),
                    0,
                    kept -> loaded(step, opening, kept));
        });
    }

    private void loaded(AggregateStep step, Partition opened, List<KeptState> kept) {
        KeyedStates states;
        try {
            states = merged.loaded(opened, kept);
        } catch (Throwable failure) {
            home().worker.failed(node.name(), failure);
            return;
        }
        loading.remove(opened);
        step.worker.execute(() -> step.loaded(opened, states));
        tellWhenDue();
    }

    /** Since when a round is under way, where one is. */
    OptionalLong underWaySince() {
        long since = underWaySince;
        return since == IDLE ? OptionalLong.empty() : OptionalLong.of(since);
    }

    // From other workers.

    void closed(Partition closed) {
        home().worker.execute(() -> {
            loading.remove(closed);
            merged.closed(closed);
            tellWhenDue();
        });
    }

    /** What somebody waits for: told as soon as the round under way is over. */
    void hurry(AggregateStep step, List<AggregateStep.Share> shares) {
        home().worker.execute(() -> {
            isHurried = true;
            received(step, shares);
            tellWhenDue();
        });
    }

    // The home's.

    private void tick() {
        home().worker.timers.at(home().worker.now() + intervalNanos, this::tick);
        // Of who has not answered since the last time nobody knows when it will.
        nextRound();
        for (AggregateStep step : steps) {
            if (silent.add(step)) {
                step.worker.execute(() -> {
                    List<AggregateStep.Share> shares = step.shares();
                    boolean isHurrying = step.isHurrying() && !shares.isEmpty();
                    home().worker.execute(() -> answered(step, shares, isHurrying));
                });
            }
        }
    }

    private void answered(AggregateStep step, List<AggregateStep.Share> shares, boolean isHurrying) {
        silent.remove(step);
        isHurried |= isHurrying;
        received(step, shares);
        tellWhenDue();
    }

    private void received(AggregateStep step, List<AggregateStep.Share> shares) {
        for (AggregateStep.Share share : shares) {
            merged.changed(share.partition(), share.changes());
            waiting.add(new Contribution(step, share));
        }
    }

    private void tellWhenDue() {
        if (isHurried || silent.isEmpty()) {
            nextRound();
        }
    }

    private void nextRound() {
        if (underWaySince != IDLE || isLoading() || waiting.isEmpty() && !merged.hasChanges()) {
            return;
        }
        underWaySince = home().worker.now();
        isHurried = false;
        List<Contribution> contributions = waiting;
        waiting = new ArrayList<>();
        round(contributions);
    }

    /** Whether states are being loaded, which would be missing in what is told. */
    boolean isLoading() {
        return !loading.isEmpty();
    }

    /** Told, kept, let go: each is true after a crash if the next one is. */
    void round(List<Contribution> contributions) {
        tell(() -> keep(contributions, () -> {
            letGo(contributions);
            over();
        }));
    }

    /** Tells what has changed. */
    final void tell(Runnable then) {
        Worker worker = home().worker;
        PipelineRecord<?> record = PipelineRecord.of(node.name(), node.name(), rounds++)
                .withTimestamp(worker.engine.environment.now().toEpochMilli());
        Flight flight = new AggregateFlight(Objects.requireNonNull(partition), record, worker.now(), then);
        telling = new Telling(flight);
        telling.goOn();
    }

    /** Goes on with what had to wait for room. */
    @SuppressWarnings("ReferenceEquality") // the step itself is meant
    void goOn(AggregateStep step) {
        if (step == home() && telling != null) {
            telling.goOn();
        }
    }

    /** Keeps the states that go with it. */
    final void keep(List<Contribution> contributions, Runnable then) {
        call(() -> save(states(contributions)), () -> true, 0, saved -> then.run());
    }

    private CompletionStage<Void> save(Map<String, List<KeptState>> states) throws Exception {
        return states.isEmpty() ? CompletableFuture.completedStage(null) : table.save(states);
    }

    /** What has been told; but not of partitions that are gone: whoever has one now makes the same states again. */
    private Map<String, List<KeptState>> states(List<Contribution> contributions) throws Exception {
        Map<String, Map<Object, KeyedStates.State>> last = new HashMap<>();
        for (Contribution each : contributions) {
            if (merged.has(each.share.partition())) {
                Map<Object, KeyedStates.State> states =
                        last.computeIfAbsent(each.share.partition().name, name -> new LinkedHashMap<>());
                each.share.changes().forEach(state -> states.put(state.key(), state));
            }
        }
        Map<String, List<KeptState>> kept = new HashMap<>();
        for (Map.Entry<String, Map<Object, KeyedStates.State>> states : last.entrySet()) {
            kept.put(states.getKey(), merged.kept(states.getValue().values()));
        }
        return kept;
    }

    /** Lets the frontiers go on. */
    final void letGo(List<Contribution> contributions) {
        for (Contribution each : contributions) {
            each.step.worker.execute(() -> each.step.letGo(each.share.first()));
        }
    }

    /** The next one may begin. */
    final void over() {
        underWaySince = IDLE;
        home().worker.hasten(false);
        tellWhenDue();
    }

    /** Again and again while the store is unavailable, and for as long as its answer is wanted. */
    private <T> void call(
            ThrowingSupplier<? extends CompletionStage<T>> call,
            BooleanSupplier isWanted,
            int failures,
            Consumer<T> then) {
        if (!isWanted.getAsBoolean()) {
            home().reached(true);
            return;
        }
        CompletionStage<T> answer;
        try {
            answer = SyncSteps.notNull(call.get());
        } catch (Throwable failure) {
            Failures.rethrowIfFatal(failure);
            answer = CompletableFuture.failedStage(failure);
        }
        Worker worker = home().worker;
        answer.whenComplete((result, failure) -> worker.execute(() -> {
            boolean isOver = !isWanted.getAsBoolean();
            if (failure == null || isOver) {
                home().reached(true); // or nobody asks any more
            }
            if (isOver) {
                return;
            }
            if (failure == null) {
                then.accept(result);
                return;
            }
            Throwable cause = Failures.unwrapped(failure);
            if (Failures.isUnavailable(cause)) {
                long delay = home().unreached(cause, retry, failures + 1);
                worker.after(delay, () -> call(call, isWanted, failures + 1, then));
            } else {
                worker.failed(node.name(), cause);
            }
        }));
    }

    /** One round's telling: as much at a time as the home has room for. */
    private final class Telling {

        private final Flight flight;
        private final MergedStates.Changes changes;

        Telling(Flight flight) {
            this.flight = flight;
            this.changes = merged.takeChanges();
        }

        void goOn() {
            Worker worker = home().worker;
            worker.takes(flight);
            while (changes.hasNext() && !worker.isLoaded()) {
                home().tell(flight, changes);
            }
            if (!changes.hasNext()) {
                telling = null;
                worker.hasten(true); // no batch need wait for more
                flight.release();
            }
        }
    }
}
