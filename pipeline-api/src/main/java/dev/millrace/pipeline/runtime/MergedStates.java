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
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The states of all partitions, as of what has been shared last, and what they come to. Belongs to the home of an
 * aggregate, but for {@link #newStates}.
 */
final class MergedStates {

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

    /** Those of a partition, for its worker. */
    KeyedStates newStates() {
        return new KeyedStates(aggregator, keys);
    }

    /**
     * A partition has come with what was kept of it. What has been told of its keys without that is to be told again.
     */
    void loaded(Partition partition, List<KeyedStates.State> states) {
        // In the place of a former assignment, whose end may not have been heard of yet.
        partitions.remove(partition.name);
        Map<Object, Object> own = new HashMap<>();
        for (KeyedStates.State state : states) {
            own.put(state.key(), state.value());
            if (hasTold && isKnown(state.key())) {
                changed.add(state.key());
            }
        }
        partitions.put(partition.name, new Known(partition, own));
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

    /** As a store keeps them; of several of a key the last one. */
    Collection<KeptState> kept(List<KeyedStates.State> states) throws Exception {
        Map<Object, KeptState> kept = new LinkedHashMap<>();
        for (KeyedStates.State state : states) {
            kept.put(state.key(), KeyedStates.kept(state, aggregator, keys));
        }
        return kept.values();
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
            this.isWhole = node.isWhole() && !keys.isEmpty();
            this.each = node.isWhole() ? List.of().iterator() : keys.iterator();
        }

        boolean hasNext() {
            return isWhole || each.hasNext();
        }

        /** Takes the next one; the next call goes on behind it also where this one throws. */
        Change next() throws Exception {
            if (isWhole) {
                isWhole = false;
                return new Change(null, all());
            }
            Object key = each.next();
            return new Change(key, resultOf(key));
        }

        private List<Object> all() throws Exception {
            Set<Object> known = new LinkedHashSet<>();
            partitions.values().forEach(partition -> known.addAll(partition.states.keySet()));
            List<Object> results = new ArrayList<>(known.size());
            for (Object key : known) {
                results.add(resultOf(key));
            }
            return List.copyOf(results);
        }

        /** Over the partitions; a key that is in none any more has left with its partition. */
        private Object resultOf(Object key) throws Exception {
            @Nullable Object state = null;
            for (Known partition : partitions.values()) {
                Object own = partition.states.get(key);
                if (own != null) {
                    state = state == null ? own : SyncSteps.notNull(aggregator.merge(state, own));
                }
            }
            Object result = SyncSteps.notNull(aggregator.result(state == null ? aggregator.initial() : state));
            return SyncSteps.notNull(node.result().apply(key, result));
        }
    }
}
