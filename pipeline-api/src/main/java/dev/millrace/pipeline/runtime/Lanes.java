package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.Ordering;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What must stay in order with what: values of one lane do, lanes among each other need not. */
final class Lanes {

    private Lanes() {}

    /** The lane of a value: equal objects mean the same lane; {@code null} means none, where no order is kept. */
    static @Nullable Object of(Ordering ordering, Flight flight, @Nullable Object key) {
        return switch (ordering) {
            case UNORDERED -> null;
            case PER_PARTITION -> flight.partition;
            case PER_KEY -> key == null ? flight.partition : new Key(flight.partition, key);
        };
    }

    /** A key within its partition: the same key elsewhere has no order to keep with it. Arrays are equal by content. */
    private static final class Key {

        private final Partition partition;
        private final Object key;
        private final int hash;

        Key(Partition partition, Object key) {
            this.partition = partition;
            this.key = key;
            this.hash = key instanceof byte[] bytes ? Arrays.hashCode(bytes) : key.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that
                    && partition == that.partition
                    && hash == that.hash
                    && (key instanceof byte[] bytes && that.key instanceof byte[] others
                            ? Arrays.equals(bytes, others)
                            : key.equals(that.key));
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
