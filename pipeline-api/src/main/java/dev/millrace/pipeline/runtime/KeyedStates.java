package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.Aggregator;
import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StateFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The states of one partition, by key. Each knows what it includes: the offset of its last record, and how many values
 * of that record, for one may make several of the same key. So what comes again changes nothing, whenever it was kept.
 * Belongs to the partition's worker.
 */
final class KeyedStates {

    private static final byte VERSION = 1;
    private static final int HEAD_BYTES = 1 + Integer.BYTES;
    private static final long NONE = -1;

    private final Aggregator<Object, Object, Object> aggregator;
    private final StateFormat<Object> keys;
    private final Map<Object, Entry> entries = new HashMap<>();
    private List<Entry> changed = new ArrayList<>();

    KeyedStates(Aggregator<Object, Object, Object> aggregator, StateFormat<Object> keys) {
        this.aggregator = aggregator;
        this.keys = keys;
    }

    /** A state at some moment. */
    record State(Object key, Object value, long offset, int count) {}

    private static final class Entry {

        private final Object key;
        private Object state;
        private long offset = NONE;
        private int count;
        /** The record that came last in this run, and how many values of it. */
        private long current = NONE;

        private int currentCount;
        private boolean isChanged;

        private Entry(Object key, Object state) {
            this.key = key;
            this.state = state;
        }
    }

    /** Adds a value of a record, unless the state includes it; whether it did not. */
    boolean add(Object key, Object value, long offset) throws Exception {
        Entry entry = entries.get(key);
        if (entry == null) {
            requireKept(key);
            entry = new Entry(key, SyncSteps.notNull(aggregator.initial()));
            entries.put(key, entry);
        }
        entry.currentCount = entry.current == offset ? entry.currentCount + 1 : 1;
        entry.current = offset;
        if (offset < entry.offset || offset == entry.offset && entry.currentCount <= entry.count) {
            return false;
        }
        entry.state = SyncSteps.notNull(aggregator.add(entry.state, value));
        entry.offset = offset;
        entry.count = entry.currentCount;
        if (!entry.isChanged) {
            entry.isChanged = true;
            changed.add(entry);
        }
        return true;
    }

    /** What cannot be kept, or would be another key when it is read again, must not be counted. */
    private void requireKept(Object key) throws Exception {
        if (!key.equals(keys.decode(keys.encode(key)))) {
            throw new IllegalArgumentException(
                    "a key of " + key.getClass().getName() + " does not equal what its format reads of it");
        }
    }

    /** Those that have changed since this was last asked. */
    List<State> takeChanges() {
        List<State> states = new ArrayList<>(changed.size());
        for (Entry entry : changed) {
            entry.isChanged = false;
            states.add(new State(entry.key, entry.state, entry.offset, entry.count));
        }
        changed = new ArrayList<>();
        return states;
    }

    /**
     * As a store keeps it: a version, how many values of the last record it includes, and the aggregator's own bytes.
     */
    static KeptState kept(State state, Aggregator<Object, Object, Object> aggregator, StateFormat<Object> keys)
            throws Exception {
        byte[] value = aggregator.format().encode(state.value());
        byte[] bytes = ByteBuffer.allocate(HEAD_BYTES + value.length)
                .put(VERSION)
                .putInt(state.count())
                .put(value)
                .array();
        return new KeptState(keys.encode(state.key()), state.offset(), bytes);
    }

    /** Takes over what was kept, and says what it is. */
    State load(KeptState kept) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(kept.state());
        byte version = bytes.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("a state is of version " + version + ", not " + VERSION);
        }
        int count = bytes.getInt();
        byte[] value = new byte[bytes.remaining()];
        bytes.get(value);
        Entry entry = new Entry(
                SyncSteps.notNull(keys.decode(kept.key())),
                SyncSteps.notNull(aggregator.format().decode(value)));
        entry.offset = kept.offset();
        entry.count = count;
        entries.put(entry.key, entry);
        return new State(entry.key, entry.state, entry.offset, entry.count);
    }
}
