package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.Ordering;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What must stay in order with what: values of one lane do, lanes among each other need not.
 *
 * <p>The name of a lane may be a key of the user's, whose {@code hashCode} and {@code equals} may throw. Both are
 * called only when a value arrives, so that its stage can give it up, and never again for a name that a map has.
 */
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

    /** A map has the name from now on, as that of one lane and no other. */
    static void keep(Object name) {
        if (name instanceof Key key) {
            key.isKept = true;
        }
    }

    /** A key within its partition: the same key elsewhere has no order to keep with it. Arrays are equal by content. */
    private static final class Key {

        private final Partition partition;
        private final Object key;
        private final int hash;
        private boolean isKept;

        Key(Partition partition, Object key) {
            this.partition = partition;
            this.key = key;
            this.hash = key instanceof byte[] bytes ? Arrays.hashCode(bytes) : key.hashCode();
        }

        /** Not symmetric: a name that is kept looks for itself only. */
        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(@Nullable Object other) {
            if (isKept) {
                return this == other;
            }
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
