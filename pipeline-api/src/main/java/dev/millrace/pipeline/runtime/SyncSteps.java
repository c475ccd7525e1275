package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Decoder;
import dev.millrace.pipeline.spi.LocalLookup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The steps that finish with a value before they return. Each catches what user code throws in its own place, so that a
 * failure names its stage, and calls the next step outside of that, so that it is never blamed for another's.
 */
final class SyncSteps {

    private SyncSteps() {}

    static final class Decode extends Step {

        private final Decoder<Object, Object> decoder;
        private final List<Decoder<Object, Object>> others;

        Decode(StageNode.From from, FailurePolicy onFailure, FailureRouter router) {
            super(from.name(), onFailure, router);
            this.decoder = from.decoders().get(0);
            this.others = from.decoders().subList(1, from.decoders().size());
        }

        @Override
        @SuppressWarnings("unchecked")
        public void accept(Flight flight, @Nullable Object rawKey, Object rawValue) {
            in++;
            Object key;
            Object value;
            try {
                PipelineRecord<Object> raw = (PipelineRecord<Object>) flight.raw();
                value = decoder.decode(raw);
                key = value == null ? null : decoder.decodeKey(raw);
                for (int i = 0; i < others.size() && value != null; i++) {
                    raw = raw.withKey(key).withValue(value);
                    value = others.get(i).decode(raw);
                    key = value == null ? null : others.get(i).decodeKey(raw);
                }
            } catch (Throwable failure) {
                giveUp(flight, failure);
                return;
            }
            if (value == null) {
                dropped++;
                return;
            }
            out++;
            next.accept(flight, key, value);
        }
    }

    /** The source where it gives values as they are. */
    static final class Undecoded extends Step {

        Undecoded(String name, FailurePolicy onFailure, FailureRouter router) {
            super(name, onFailure, router);
        }

        @Override
        public void accept(Flight flight, @Nullable Object key, Object value) {
            in++;
            out++;
            next.accept(flight, key, value);
        }
    }

    static final class Mapping extends Step {

        private final StageNode.Map node;

        Mapping(StageNode.Map node, FailurePolicy onFailure, FailureRouter router) {
            super(node.name(), onFailure, router);
            this.node = node;
        }

        @Override
        public void accept(Flight flight, @Nullable Object key, Object value) {
            in++;
            Object mapped;
            try {
                mapped = notNull(node.function().apply(value));
            } catch (Throwable failure) {
                giveUp(flight, failure);
                return;
            }
            out++;
            next.accept(flight, key, mapped);
        }
    }

    static final class Filtering extends Step {

        private final StageNode.Filter node;

        Filtering(StageNode.Filter node, FailurePolicy onFailure, FailureRouter router) {
            super(node.name(), onFailure, router);
            this.node = node;
        }

        @Override
        public void accept(Flight flight, @Nullable Object key, Object value) {
            in++;
            boolean isKept;
            try {
                isKept = node.predicate().test(value);
            } catch (Throwable failure) {
                giveUp(flight, failure);
                return;
            }
            if (isKept) {
                out++;
                next.accept(flight, key, value);
            } else {
                dropped++;
            }
        }
    }

    static final class FlatMapping extends Step {

        private final StageNode.FlatMap node;

        FlatMapping(StageNode.FlatMap node, FailurePolicy onFailure, FailureRouter router) {
            super(node.name(), onFailure, router);
            this.node = node;
        }

        @Override
        public void accept(Flight flight, @Nullable Object key, Object value) {
            in++;
            Collection<?> values;
            try {
                values = allOf(notNull(node.function().apply(value)));
            } catch (Throwable failure) {
                giveUp(flight, failure);
                return;
            }
            out += values.size();
            for (Object each : values) {
                next.accept(flight, key, each);
            }
        }

        /** All of them before the first goes on, so that a failure in their midst leaves nothing half done. */
        private static Collection<?> allOf(Iterable<?> values) {
            List<Object> all = new ArrayList<>();
            for (Object value : values) {
                all.add(notNull(value));
            }
            return all;
        }
    }

    static final class Keying extends Step {

        private final StageNode.KeyBy node;

        Keying(StageNode.KeyBy node, FailurePolicy onFailure, FailureRouter router) {
            super(node.name(), onFailure, router);
            this.node = node;
        }

        @Override
        public void accept(Flight flight, @Nullable Object oldKey, Object value) {
            in++;
            Object key;
            try {
                key = notNull(node.function().apply(value));
            } catch (Throwable failure) {
                giveUp(flight, failure);
                return;
            }
            out++;
            next.accept(flight, key, value);
        }
    }

    static final class Peeking extends Step {

        private final StageNode.Peek node;

        Peeking(StageNode.Peek node, FailurePolicy onFailure, FailureRouter router) {
            super(node.name(), onFailure, router);
            this.node = node;
        }

        @Override
        public void accept(Flight flight, @Nullable Object key, Object value) {
            in++;
            try {
                node.consumer().accept(flight.raw().withKey(key).withValue(value));
            } catch (Throwable failure) {
                giveUp(flight, failure);
                return;
            }
            out++;
            next.accept(flight, key, value);
        }
    }

    /** An enrichment that is answered from memory. */
    static final class LocalEnriching extends Step {

        private final StageNode.Enrich node;
        private final LocalLookup<Object, Object> lookup;

        LocalEnriching(
                StageNode.Enrich node,
                LocalLookup<Object, Object> lookup,
                FailurePolicy onFailure,
                FailureRouter router) {
            super(node.name(), onFailure, router);
            this.node = node;
            this.lookup = lookup;
        }

        @Override
        public void accept(Flight flight, @Nullable Object key, Object value) {
            in++;
            Object joined;
            try {
                Optional<Object> answer = Objects.requireNonNull(
                        lookup.get(notNull(node.keyOf().apply(value))),
                        "the lookup answered null rather than an empty Optional");
                if (answer.isEmpty()) {
                    misses++;
                    if (node.inner()) {
                        dropped++;
                        return;
                    }
                } else {
                    hits++;
                }
                joined = notNull(node.combine().apply(value, answer));
            } catch (Throwable failure) {
                giveUp(flight, failure);
                return;
            }
            out++;
            next.accept(flight, key, joined);
        }
    }

    /** Both ways, the one that leaves the other first. */
    static final class Tee implements Receiver {

        private final Receiver aside;
        private final Receiver onwards;

        Tee(Receiver aside, Receiver onwards) {
            this.aside = aside;
            this.onwards = onwards;
        }

        @Override
        public void accept(Flight flight, @Nullable Object key, Object value) {
            aside.accept(flight, key, value);
            onwards.accept(flight, key, value);
        }
    }

    static <T> T notNull(@Nullable T answer) {
        return Objects.requireNonNull(answer, "the function of the stage answered null");
    }
}
