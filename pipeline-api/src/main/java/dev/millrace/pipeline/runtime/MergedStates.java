package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.spi.Aggregator;
import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StateFormat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The states of all partitions, as of what has been shared last, and what they come to. Belongs to the home of an
 * aggregate.
 */
class MergedStates {

    private final StageNode.Aggregate node;
    private final Aggregator<Object, Object, Object> aggregator;
    private final StateFormat<Object> keys;
    /** By name, the order in which they are merged. */
    private final Map<String, Known> partitions = new TreeMap<>();

    private Set<Object> changed = new LinkedHashSet<>();
    private boolean hasTold;

    @SuppressWarnings("unchecked")
    MergedStates(StageNode.Aggregate node) {
        this.node = node;
        this.aggregator = node.aggregator();
        this.keys = (StateFormat<Object>) node.aggregation().keys().orElse(KeyFormat.SIMPLE);
    }

    private record Known(Partition partition, Map<Object, Object> states) {}

    /**
     * A partition has come with what was kept of it. What has been told without that is to be told again.
     *
     * @return its states, for its worker
     */
    KeyedStates loaded(Partition partition, List<KeptState> kept) throws Exception {
        KeyedStates loaded = new KeyedStates(aggregator, keys);
        Map<Object, Object> own = new HashMap<>();
        // In the place of a former assignment, whose end may not have been heard of yet.
        partitions.remove(partition.name);
        for (KeptState each : kept) {
            KeyedStates.State state = loaded.load(each);
            own.put(state.key(), state.value());
            if (isToBeToldAgain(state.key())) {
                changed.add(state.key());
            }
        }
        partitions.put(partition.name, new Known(partition, own));
        return loaded;
    }

    /** Whether what has been told of a key lacks what a partition that has come later adds to it. */
    boolean isToBeToldAgain(Object key) {
        return hasTold && (node.isWhole() || isKnown(key));
    }

    private boolean isKnown(Object key) {
        return partitions.values().stream().anyMatch(known -> known.states.containsKey(key));
    }

    void changed(Partition partition, List<KeyedStates.State> states) {
        if (has(partition)) {
            Map<Object, Object> own = Objects.requireNonNull(partitions.get(partition.name)).states;
            for (KeyedStates.State state : states) {
                own.put(state.key(), state.value());
                changed.add(state.key());
            }
        }
    }

    void closed(Partition partition) {
        if (has(partition)) {
            partitions.remove(partition.name);
        }
    }

    @SuppressWarnings("ReferenceEquality") // this assignment is meant, no other of that name
    boolean has(Partition partition) {
        Known known = partitions.get(partition.name);
        return known != null && known.partition == partition;
    }

    /** As a store keeps them. */
    List<KeptState> kept(Collection<KeyedStates.State> states) throws Exception {
        List<KeptState> kept = new ArrayList<>(states.size());
        for (KeyedStates.State state : states) {
            kept.add(KeyedStates.kept(state, aggregator, keys));
        }
        return kept;
    }

    boolean hasChanges() {
        return !changed.isEmpty();
    }

    /** What is to be told now. */
    Changes takeChanges() {
        hasTold = true;
        Set<Object> taken = changed;
        changed = new LinkedHashSet<>();
        return new Changes(taken);
    }

    /** A key, where there is one, and what is told. */
    record Change(@Nullable Object key, Object value) {}

    /** What a round tells: the result of each key that has changed, or those of all keys as one list. */
    final class Changes {

        private final Iterator<Object> each;
        private boolean isWhole;

        private Changes(Set<Object> keys) {
            this.isWhole = node.isWhole() && !keys.isEmpty() && !partitions.isEmpty();
            this.each = node.isWhole() ? List.of().iterator() : keys.iterator();
        }

        boolean hasNext() {
            return isWhole || each.hasNext();
        }

        /**
         * Takes the next one; the next call goes on behind it also where this one throws. Empty for a key whose
         * partitions have all gone: what it comes to is told by whoever has them.
         */
        Optional<Change> next() throws Exception {
            if (isWhole) {
                isWhole = false;
                return Optional.of(new Change(null, all()));
            }
            Object key = each.next();
            Object state = stateOf(key);
            return state == null ? Optional.empty() : Optional.of(new Change(key, result(key, state)));
        }

        private List<Object> all() throws Exception {
            Map<Object, Object> states = new LinkedHashMap<>();
            for (Known partition : partitions.values()) {
                for (Map.Entry<Object, Object> own : partition.states.entrySet()) {
                    Object former = states.get(own.getKey());
                    states.put(own.getKey(), former == null ? own.getValue() : merged(former, own.getValue()));
                }
            }
            List<Object> results = new ArrayList<>(states.size());
            for (Map.Entry<Object, Object> state : states.entrySet()) {
                results.add(result(state.getKey(), state.getValue()));
            }
            return List.copyOf(results);
        }

        private @Nullable Object stateOf(Object key) throws Exception {
            @Nullable Object state = null;
            for (Known partition : partitions.values()) {
                Object own = partition.states.get(key);
                if (own != null) {
                    state = state == null ? own : merged(state, own);
                }
            }
            return state;
        }

        private Object merged(Object one, Object other) throws Exception {
            return SyncSteps.notNull(aggregator.merge(one, other));
        }

        private Object result(Object key, Object state) throws Exception {
            Object result = SyncSteps.notNull(aggregator.result(state));
            return SyncSteps.notNull(node.result().apply(key, result));
        }
    }
}
