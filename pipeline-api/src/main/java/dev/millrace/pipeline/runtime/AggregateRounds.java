package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Aggregator;
import dev.millrace.pipeline.spi.StateFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/*
 * Tells what an aggregate comes to, over all workers, in rounds. In a round every worker says what has changed in its
 * partitions and up to where their records are done; the changed keys are merged over the partitions and go on, as one
 * flight, down the chain of the worker that came first, the home; when the last sink has written them, each worker keeps its
 * states, and its partitions' offsets may be committed. Then the next round may begin.
 *
 * A crash before states are kept makes the round again, from the same records; one after that makes none. So what is kept
 * has been told, and what is committed has been kept.
 *
 * No round tells anything while a partition is being loaded: what it holds would be missing.
 */
final class AggregateRounds {

    private static final long LOADING_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final StageNode.Aggregate node;
    private final Aggregator<Object, Object, Object> aggregator;
    private final List<AggregateStep> steps = new CopyOnWriteArrayList<>();
    private final long intervalNanos;
    private volatile int finished;

    // From here on: the home's.

    /** What has been told or loaded of each partition. */
    private final Map<Partition, Map<Object, Object>> known = new HashMap<>();

    private final List<AggregateStep.Part> parts = new ArrayList<>();
    private boolean isUnderWay;
    private boolean isWanted;
    private int awaited;
    private @Nullable Telling telling;

    AggregateRounds(StageNode.Aggregate node) {
        this.node = node;
        this.aggregator = node.aggregator();
        this.intervalNanos = Nanos.of(node.aggregation().interval());
    }

    @SuppressWarnings("unchecked")
    KeyedStates states() {
        StateFormat<Object> keys =
                (StateFormat<Object>) node.aggregation().keys().orElse(KeyFormat.SIMPLE);
        return new KeyedStates(aggregator, keys);
    }

    /** Before its worker starts. */
    void join(AggregateStep step) {
        steps.add(step);
        if (steps.size() == 1) {
            waitForTheTime();
        }
    }

    private AggregateStep home() {
        return steps.get(0);
    }

    private void waitForTheTime() {
        Worker worker = home().worker;
        worker.timers.at(worker.engine.environment.nanoTime() + intervalNanos, () -> {
            waitForTheTime();
            want();
        });
    }

    // From any worker.

    /** How many rounds have come to an end. */
    int finished() {
        return finished;
    }

    void ask() {
        home().worker.execute(this::want);
    }

    void loaded(Partition partition, List<KeyedStates.State> states) {
        home().worker.execute(() -> states.forEach(state -> know(partition, state)));
    }

    void closed(Partition partition) {
        home().worker.execute(() -> known.remove(partition));
    }

    /** Goes on with what had to wait for room. */
    @SuppressWarnings("ReferenceEquality")
    void goOn(AggregateStep step) {
        if (telling != null && step == home()) {
            telling.goOn();
        }
    }

    // The home's.

    private void want() {
        if (isUnderWay) {
            isWanted = true;
            return;
        }
        isUnderWay = true;
        isWanted = false;
        awaited = steps.size();
        for (AggregateStep step : steps) {
            step.worker.execute(() -> {
                List<AggregateStep.Part> changed = step.parts();
                home().worker.execute(() -> received(changed));
            });
        }
    }

    private void received(List<AggregateStep.Part> changed, boolean isLoading) {
        parts.addAll(changed);
        mustWait |= isLoading;
        awaited--;
        if (awaited > 0) {
            return;
        }
        if (mustWait) {
            // What has been said so far counts in the next round.
            mustWait = false;
            isUnderWay = false;
            Worker worker = home().worker;
            worker.timers.at(worker.now() + LOADING_NANOS, this::want);
            return;
        }
        Set<Object> keys = new LinkedHashSet<>();
        for (AggregateStep.Part part : parts) {
            for (KeyedStates.State state : part.changes()) {
                know(part.partition(), state);
                keys.add(state.key());
            }
        }
        if (keys.isEmpty()) {
            save();
        } else {
            telling = new Telling(keys);
            telling.goOn();
        }
    }

    private void save() {
        awaited = parts.size() + 1;
        List<AggregateStep.Part> told = List.copyOf(parts);
        parts.clear();
        for (AggregateStep.Part part : told) {
            part.step().worker.execute(
                    () -> part.step().save(part, () -> home().worker.execute(this::saved)));
        }
        saved();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the home alone writes it
    private void saved() {
        awaited--;
        if (awaited > 0) {
            return;
        }
        isUnderWay = false;
        finished++;
        if (isWanted) {
            want();
        }
    }

    private void know(Partition partition, KeyedStates.State state) {
        known.computeIfAbsent(partition, same -> new HashMap<>()).put(state.key(), state.value());
    }

    /** What the states of a key come to, merged in the order of the partitions' names. */
    private Object resultOf(Object key) throws Exception {
        @Nullable Object merged = null;
        List<Partition> partitions = new ArrayList<>(known.keySet());
        partitions.sort(Comparator.comparing(partition -> partition.name));
        for (Partition partition : partitions) {
            Object state = known.get(partition).get(key);
            if (state != null) {
                merged = merged == null ? state : SyncSteps.notNull(aggregator.merge(merged, state));
            }
        }
        Object result = SyncSteps.notNull(aggregator.result(Objects.requireNonNull(merged)));
        return SyncSteps.notNull(node.result().apply(key, result));
    }

    /** One round's telling: as much at a time as the home has room for. */
    private final class Telling {

        private final Flight flight;
        private final Iterator<Object> keys;

        Telling(Set<Object> changed) {
            Worker worker = home().worker;
            PipelineRecord<Object> record =
                    PipelineRecord.<Object>of(node.name(), partition.name, finished).withTimestamp(worker.engine.environment.now());
            this.flight = new AggregateFlight(partition, record, worker.now(), AggregateRounds.this::save);
            this.keys = node.isWhole() ? List.<Object>of().iterator() : changed.iterator();
            if (node.isWhole()) {
                tellAll();
            }
        }

        void goOn() {
            while (keys.hasNext() && !home().worker.isLoaded()) {
                tell(keys.next());
            }
            if (!keys.hasNext()) {
                telling = null;
                flight.release();
            }
        }

        private void tell(Object key) {
            Object result;
            try {
                result = resultOf(key);
            } catch (Throwable failure) {
                home().giveUp(flight, failure);
                return;
            }
            home().out(flight, key, result);
        }
    }
}
