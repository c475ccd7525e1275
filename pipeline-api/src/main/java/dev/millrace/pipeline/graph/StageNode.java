package dev.millrace.pipeline.graph;

import dev.millrace.pipeline.function.ThrowingBiFunction;
import dev.millrace.pipeline.function.ThrowingConsumer;
import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.function.ThrowingPredicate;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Aggregator;
import dev.millrace.pipeline.spi.DecodedSource;
import dev.millrace.pipeline.spi.Decoder;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** One stage of a pipeline, as data. The types of the values are erased: the DSL has checked them. */
public sealed interface StageNode {

    /** Name of the stage, unique within its pipeline. */
    String name();

    /** Its options, not yet completed by defaults. */
    StageOptions options();

    /** The verb of the DSL that made it. */
    String verb();

    /** What it works on, for diagrams; empty where only a function could say. */
    default String detail() {
        return "";
    }

    /**
     * Where records come from; always the first stage.
     *
     * @param name of the stage
     * @param options of the stage
     * @param source opens the reader
     */
    record From(String name, StageOptions options, Source<?> source) implements StageNode {
        @Override
        public String verb() {
            return "from";
        }

        @Override
        public String detail() {
            return source.describe();
        }

        /** What is to be opened: the source without what decodes its records. */
        public Source<?> raw() {
            Source<?> raw = source.unwrapped();
            while (raw instanceof DecodedSource<?, ?> decoded) {
                raw = decoded.raw().unwrapped();
            }
            return raw;
        }

        /** What makes values of its records, each of what the one before it makes. */
        @SuppressWarnings("unchecked")
        public List<Decoder<Object, Object>> decoders() {
            List<Decoder<Object, Object>> decoders = new ArrayList<>();
            Source<?> raw = source.unwrapped();
            while (raw instanceof DecodedSource<?, ?> decoded) {
                decoders.add((Decoder<Object, Object>) decoded.decoder());
                raw = decoded.raw().unwrapped();
            }
            Collections.reverse(decoders);
            return List.copyOf(decoders);
        }
    }

    /**
     * One value for each.
     *
     * @param name of the stage
     * @param options of the stage
     * @param function what it applies
     */
    record Map(String name, StageOptions options, ThrowingFunction<Object, Object> function) implements StageNode {
        @Override
        public String verb() {
            return "map";
        }
    }

    /**
     * Keeps some.
     *
     * @param name of the stage
     * @param options of the stage
     * @param predicate what it asks
     */
    record Filter(String name, StageOptions options, ThrowingPredicate<Object> predicate) implements StageNode {
        @Override
        public String verb() {
            return "filter";
        }
    }

    /**
     * Any number of values for each.
     *
     * @param name of the stage
     * @param options of the stage
     * @param function what it applies
     */
    record FlatMap(String name, StageOptions options, ThrowingFunction<Object, ? extends Iterable<?>> function)
            implements StageNode {
        @Override
        public String verb() {
            return "flatMap";
        }
    }

    /**
     * Gives records another key.
     *
     * @param name of the stage
     * @param options of the stage
     * @param function what it applies
     */
    record KeyBy(String name, StageOptions options, ThrowingFunction<Object, Object> function) implements StageNode {
        @Override
        public String verb() {
            return "keyBy";
        }
    }

    /**
     * Looks at whole records.
     *
     * @param name of the stage
     * @param options of the stage
     * @param consumer what it calls
     */
    record Peek(String name, StageOptions options, ThrowingConsumer<PipelineRecord<?>> consumer) implements StageNode {
        @Override
        public String verb() {
            return "peek";
        }
    }

    /**
     * Joins each value with the answer to its key.
     *
     * @param name of the stage
     * @param options of the stage
     * @param enricher opens the lookup
     * @param keyOf what to ask for
     * @param combine makes the new value of the old one and the answer
     * @param inner whether values without an answer are dropped rather than combined
     */
    record Enrich(
            String name,
            StageOptions options,
            Enricher<Object, Object> enricher,
            ThrowingFunction<Object, Object> keyOf,
            ThrowingBiFunction<Object, Optional<Object>, Object> combine,
            boolean inner)
            implements StageNode {
        @Override
        public String verb() {
            return inner ? "enrichOrDrop" : "enrich";
        }

        @Override
        public String detail() {
            return enricher.describe();
        }
    }

    /**
     * Lets records through no faster than asked.
     *
     * @param name of the stage
     * @param options of the stage
     * @param throttle how fast
     */
    record Throttled(String name, StageOptions options, Throttle throttle) implements StageNode {
        @Override
        public String verb() {
            return "throttle";
        }
    }

    /**
     * Lets the first values of a run pass, and ends the pipeline then.
     *
     * @param name of the stage
     * @param options of the stage
     * @param most how many values pass, positive
     */
    record Limit(String name, StageOptions options, long most) implements StageNode {
        @Override
        public String verb() {
            return "limit";
        }

        @Override
        public String detail() {
            return most == Long.MAX_VALUE ? "none" : "the first " + most;
        }
    }

    /**
     * Gathers values of a partition into lists.
     *
     * @param name of the stage
     * @param options of the stage
     * @param size how many values make a list, positive
     * @param age how long a value waits for others, positive; empty where it waits until the list is full
     */
    record Batch(String name, StageOptions options, int size, Optional<Duration> age) implements StageNode {
        @Override
        public String verb() {
            return "batch";
        }

        @Override
        public String detail() {
            return "of " + size
                    + age.map(limit -> ", or what has come in " + limit).orElse("");
        }
    }

    /**
     * Brings values together by key.
     *
     * @param name of the stage
     * @param options of the stage
     * @param aggregator how
     * @param result makes what is told of a key and the aggregator's result
     * @param aggregation where states are kept, and how often is told
     * @param isWhole whether all keys are told at once rather than those that have changed
     */
    record Aggregate(
            String name,
            StageOptions options,
            Aggregator<Object, Object, Object> aggregator,
            ThrowingBiFunction<Object, Object, Object> result,
            Aggregation aggregation,
            boolean isWhole)
            implements StageNode {
        @Override
        public String verb() {
            return isWhole ? "snapshots" : "aggregate";
        }

        @Override
        public String detail() {
            return aggregation.store().describe() + ", told every " + aggregation.interval();
        }
    }

    /**
     * A sink beside the way.
     *
     * @param name of the stage
     * @param options of the stage
     * @param sink opens the writer
     */
    record AlsoTo(String name, StageOptions options, Sink<Object> sink) implements StageNode {
        @Override
        public String verb() {
            return "alsoTo";
        }

        @Override
        public String detail() {
            return sink.describe();
        }
    }

    /**
     * A way of its own for the values that pass here. It is where ways part, and does nothing itself.
     *
     * @param name of the branch
     * @param stages the last one is a {@link To}
     */
    record Branch(String name, List<StageNode> stages) implements StageNode {

        /** Copies the list. */
        public Branch {
            stages = List.copyOf(stages);
        }

        @Override
        public StageOptions options() {
            return StageOptions.with();
        }

        @Override
        public String verb() {
            return "branch";
        }

        /** Every stage of it that does something, those of a branch within where it leaves the way. */
        public List<StageNode> all() {
            return PipelineGraph.all(stages);
        }
    }

    /**
     * The sink at the end; always the last stage.
     *
     * @param name of the stage
     * @param options of the stage
     * @param sink opens the writer
     */
    record To(String name, StageOptions options, Sink<Object> sink) implements StageNode {
        @Override
        public String verb() {
            return "to";
        }

        @Override
        public String detail() {
            return sink.describe();
        }
    }
}
