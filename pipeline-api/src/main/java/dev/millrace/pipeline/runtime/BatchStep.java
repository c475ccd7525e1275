package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.FailurePolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * Gathers values of a partition into lists. A list that goes on is a flight of its own, and its records wait for that.
 *
 * What waits to be gathered is not counted among the values that the worker holds: it is bounded by the size of a list,
 * and a list that could stop the intake would keep out what fills it. Still a list may hold what everybody waits for. So it
 * goes before it is full
 *   - where the pipeline has no room for more, and nothing is under way in this worker that would make some;
 *   - where the source may not read on with its partition, for its frontier lags so far or it has its share of what is in
 *     flight, and it is the list that holds the frontier;
 *   - where its partition leaves, or the pipeline drains and nothing more of the partition is to come.
 * Each of these comes about in a cycle of this worker, which looks again when anything is let go as a cycle ends.
 */
final class BatchStep extends Step {

    private final int size;
    private final Map<Partition, Gathering> gatherings = new LinkedHashMap<>();
    private final Deadlines<Gathering> ages;

    BatchStep(StageNode.Batch node, FailurePolicy onFailure, FailureRouter router) {
        super(node.name(), onFailure, router);
        this.size = node.size();
        this.ages = new Deadlines<>(worker, node.age().map(Nanos::of).orElse(Deadlines.NONE), this::handOn);
    }

    @Override
    public void accept(Flight flight, @Nullable Object key, Object value) {
        in++;
        Gathering gathering = gatherings.get(flight.partition);
        if (gathering == null) {
            gathering = new Gathering(flight.partition);
            gatherings.put(flight.partition, gathering);
            ages.add(gathering);
        }
        gathering.add(flight, value);
        if (gathering.values.size() == size) {
            handOn(gathering);
        }
    }

    @Override
    void endOfCycle() {
        if (gatherings.isEmpty()) {
            return;
        }
        boolean mustMakeRoom = mustMakeRoom();
        boolean isEnding = worker.isDraining() && (worker.isPaceOver() || !isAnythingToCome());
        for (Gathering gathering : List.copyOf(gatherings.values())) {
            Partition partition = gathering.partition;
            if (mustMakeRoom
                    || isEnding && !partition.hasInbox()
                    || partition.isLeaving
                    || partition.isHeld // what keeps it back may wait for this list
                    || partition.isClosed()
                    || holdsBack(partition)) {
                handOn(gathering);
            }
        }
    }

    @Override
    void leaveOff() {
        for (Gathering gathering : List.copyOf(gatherings.values())) {
            gathering.members.forEach(Flight::refuse);
            takeOut(gathering);
            gathering.members.forEach(Flight::release);
        }
    }

    @Override
    boolean isGathering() {
        return true;
    }

    /** Whether a stage before this one holds values that may come here. */
    @SuppressWarnings("ReferenceEquality") // the step itself is meant
    private boolean isAnythingToCome() {
        return worker.steps().stream()
                .takeWhile(step -> step != this)
                .anyMatch(step -> step.holds() && !(step instanceof SinkStep) && !(step instanceof AggregateStep));
    }

    /** Lets a list go, or drops it where its partition has gone elsewhere. */
    private void handOn(Gathering gathering) {
        takeOut(gathering);
        if (gathering.partition.isClosed()) {
            gathering.members.forEach(Flight::release);
            return;
        }
        List<Object> values = Collections.unmodifiableList(gathering.values);
        ListFlight list = new ListFlight(gathering.members, values);
        out++;
        worker.takes(list);
        next.accept(list, null, values);
        list.release();
    }

    private void takeOut(Gathering gathering) {
        gatherings.remove(gathering.partition);
        ages.remove(gathering);
        gathering.members.forEach(member -> member.letGoBy(this));
    }

    /** The list of a partition that is not full yet. */
    private final class Gathering {

        final Partition partition;
        /** One for each run of values of the same flight. */
        final List<Flight> members = new ArrayList<>();

        final List<Object> values = new ArrayList<>();

        Gathering(Partition partition) {
            this.partition = partition;
        }

        @SuppressWarnings("ReferenceEquality") // the flight itself is meant
        void add(Flight flight, Object value) {
            if (members.isEmpty() || members.get(members.size() - 1) != flight) {
                flight.retain();
                flight.heldBy(BatchStep.this);
                members.add(flight);
            }
            values.add(value);
        }
    }
}
