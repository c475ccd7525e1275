package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.FailurePolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/*
 * One worker's part of an aggregate: the states of its partitions, into which the values of their records go.
 *
 * Of each partition it holds a token of the first record that a state has changed with and that is not kept yet. That
 * alone keeps the frontier where it is until the round that tells of it has been written and kept; the records behind it
 * are done, and replays of them change nothing.
 */
final class AggregateStep extends Step {

    private final AggregateRounds rounds;
    private final Map<Partition, Mine> partitions = new LinkedHashMap<>();
    private boolean isHurrying;

    AggregateStep(StageNode.Aggregate node, AggregateRounds rounds, FailurePolicy onFailure, FailureRouter router) {
        super(node.name(), onFailure, router);
        this.rounds = rounds;
        rounds.join(this);
    }

    /** A partition of this worker. */
    private static final class Mine {

        final KeyedStates states;
        /** The first record since the last share, with a token. */
        @Nullable
        Flight first;

        Mine(KeyedStates states) {
            this.states = states;
        }
    }

    /** What has changed in a partition, and the flight that holds its frontier for that. */
    record Share(Partition partition, Flight first, List<KeyedStates.State> changes) {}

    @Override
    public void accept(Flight flight, @Nullable Object key, Object value) {
        in++;
        Mine mine = partitions.get(flight.partition);
        if (mine == null) {
            return; // gone elsewhere meanwhile, where the record comes again
        }
        try {
            if (!mine.states.add(SyncSteps.notNull(key), value, flight.offset)) {
                dropped++;
                return;
            }
        } catch (Throwable failure) {
            giveUp(flight, failure);
            return;
        }
        if (mine.first == null) {
            flight.retain();
            flight.heldBy(this);
            mine.first = flight;
        }
    }

    /** The states of a partition are here, so its records may begin. */
    void loaded(Partition partition, KeyedStates states) {
        if (!partition.isClosed()) {
            partitions.put(partition, new Mine(states));
            worker.admit(partition);
        }
    }

    @Override
    void closed(Partition partition) {
        Mine mine = partitions.remove(partition);
        if (mine != null && mine.first != null) {
            letGo(mine.first);
        }
        rounds.closed(partition);
    }

    /** Where anybody waits for a partition to end or to make room, a round need not wait for its time. */
    @Override
    void endOfCycle() {
        rounds.goOn(this);
        boolean isAwaited = holds() && isAwaited();
        if (isAwaited) {
            List<Share> shares = shares();
            if (!shares.isEmpty() || !isHurrying) {
                rounds.hurry(this, shares);
            }
        }
        isHurrying = isAwaited;
    }

    /** Whether what it shares is waited for by somebody who has been told of already. */
    boolean isHurrying() {
        return isHurrying;
    }

    private boolean isAwaited() {
        if (worker.isDraining() || mustMakeRoom()) {
            return true;
        }
        for (Map.Entry<Partition, Mine> each : partitions.entrySet()) {
            Partition partition = each.getKey();
            if (partition.isLeaving || holdsBack(partition) || isKeptBackForTheRound(partition, each.getValue())) {
                return true;
            }
        }
        return false;
    }

    /** Whether its records wait for a dead letter that is stored by now, of the record that waits for the round. */
    private static boolean isKeptBackForTheRound(Partition partition, Mine mine) {
        return partition.isHeld && mine.first != null && !partition.hasGivenUp(mine.first);
    }

    @Override
    boolean isGathering() {
        return true;
    }

    /** Since when a round is under way, where one is. */
    OptionalLong tellingSince() {
        return rounds.underWaySince();
    }

    /**
     * What has changed since the last time. Not of a partition with a record that is given up and whose dead letter is
     * not stored: that record may come again, and a state that is kept with a later one would seem to include it. No
     * more of that partition's records begin until it is stored.
     */
    List<Share> shares() {
        List<Share> shares = new ArrayList<>();
        partitions.forEach((partition, mine) -> {
            if (mine.first == null) {
                return;
            }
            if (partition.hasGivenUp(mine.first)) {
                worker.keepBack(partition);
                return;
            }
            shares.add(new Share(partition, mine.first, mine.states.takeChanges()));
            mine.first = null;
        });
        return shares;
    }

    /** A share is told and kept, or of no matter any more. */
    void letGo(Flight first) {
        first.letGoBy(this);
        first.release();
    }

    /** One thing of a round goes on: a key and its result, or all of them. */
    void tell(Flight flight, MergedStates.Changes changes) {
        Optional<MergedStates.Change> change;
        try {
            change = changes.next();
        } catch (Throwable failure) {
            giveUp(flight, failure);
            return;
        }
        if (change.isPresent()) {
            out++;
            next.accept(flight, change.get().key(), change.get().value());
        }
    }
}
