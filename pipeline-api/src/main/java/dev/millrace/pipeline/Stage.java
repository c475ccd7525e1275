package dev.millrace.pipeline;

import dev.millrace.pipeline.function.ThrowingBiFunction;
import dev.millrace.pipeline.function.ThrowingConsumer;
import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.function.ThrowingPredicate;
import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A pipeline under way: values of one type, to be changed further or written.
 *
 * <p>The functions given here are called by several workers at once, so they must be thread-safe; records of one
 * partition come in order, one at a time. They must not block: what does is an {@link Enricher} or a {@link Sink}. What
 * they throw, errors included, fails the record that they were called with, as does an answer of {@code null}; the
 * {@linkplain StageOptions#onFailure failure policy} says what becomes of it. After a restart records that were under
 * way come again, so functions should have no other effect than their answer.
 *
 * <p>Immutable and thread-safe: each method returns a new stage, and several pipelines may go on from one.
 *
 * @param <T> type of the values
 */
public sealed class Stage<T> permits KeyedStage {

    /** Statistics, meters and logs name the stores of dead letters so, beside the stages. */
    private static final Pattern STORE_OF_DEAD_LETTERS = Pattern.compile("dead-letters(-\\d+)?");

    private final String pipeline;
    private final List<StageNode> nodes;

    Stage(String pipeline, List<StageNode> nodes) {
        String last = nodes.get(nodes.size() - 1).name();
        if (STORE_OF_DEAD_LETTERS.matcher(last).matches()) {
            throw new PipelineDefinitionException("a stage cannot be named '" + last + "' in pipeline '" + pipeline
                    + "': that is the name of a store of dead letters");
        }
        this.pipeline = pipeline;
        this.nodes = nodes;
    }

    /** Makes another value of each. */
    public <R> Stage<R> map(ThrowingFunction<? super T, ? extends R> function) {
        return map(function, StageOptions.with());
    }

    /** Makes another value of each. */
    public <R> Stage<R> map(ThrowingFunction<? super T, ? extends R> function, StageOptions options) {
        Objects.requireNonNull(function, "function");
        return and(options, "map", name -> new StageNode.Map(name, options, erased(function)));
    }

    /** Keeps the values for which the predicate holds; the others are done, and counted as dropped. */
    public Stage<T> filter(ThrowingPredicate<? super T> predicate) {
        return filter(predicate, StageOptions.with());
    }

    /** Keeps the values for which the predicate holds; the others are done, and counted as dropped. */
    @SuppressWarnings("unchecked")
    public Stage<T> filter(ThrowingPredicate<? super T> predicate, StageOptions options) {
        Objects.requireNonNull(predicate, "predicate");
        return and(
                options, "filter", name -> new StageNode.Filter(name, options, (ThrowingPredicate<Object>) predicate));
    }

    /** Makes any number of values of each, in order. The record is done when all of them are. */
    public <R> Stage<R> flatMap(ThrowingFunction<? super T, ? extends Iterable<? extends R>> function) {
        return flatMap(function, StageOptions.with());
    }

    /** Makes any number of values of each, in order. The record is done when all of them are. */
    @SuppressWarnings("unchecked")
    public <R> Stage<R> flatMap(
            ThrowingFunction<? super T, ? extends Iterable<? extends R>> function, StageOptions options) {
        Objects.requireNonNull(function, "function");
        return and(
                options,
                "flatMap",
                name -> new StageNode.FlatMap(
                        name, options, (ThrowingFunction<Object, ? extends Iterable<?>>) function));
    }

    /** Gives each record another key: for the order of later stages, for sinks that write it, and for aggregates. */
    public <K> KeyedStage<K, T> keyBy(ThrowingFunction<? super T, ? extends K> function) {
        return keyBy(function, StageOptions.with());
    }

    /** Gives each record another key: for the order of later stages, for sinks that write it, and for aggregates. */
    public <K> KeyedStage<K, T> keyBy(ThrowingFunction<? super T, ? extends K> function, StageOptions options) {
        Objects.requireNonNull(function, "function");
        Stage<T> keyed = and(options, "keyBy", name -> new StageNode.KeyBy(name, options, erased(function)));
        return new KeyedStage<>(pipeline, keyed.nodes);
    }

    /** Looks at each record as it passes, with its key, headers and position. */
    public Stage<T> peek(ThrowingConsumer<? super PipelineRecord<T>> consumer) {
        return peek(consumer, StageOptions.with());
    }

    /** Looks at each record as it passes, with its key, headers and position. */
    @SuppressWarnings("unchecked")
    public Stage<T> peek(ThrowingConsumer<? super PipelineRecord<T>> consumer, StageOptions options) {
        Objects.requireNonNull(consumer, "consumer");
        return and(
                options,
                "peek",
                name -> new StageNode.Peek(
                        name, options, (ThrowingConsumer<PipelineRecord<?>>) (ThrowingConsumer<?>) consumer));
    }

    /** Joins each value with the answer to its key, which may be absent: a left join. */
    public <K, V, R> Stage<R> enrich(
            Enricher<? super K, ? extends V> enricher,
            ThrowingFunction<? super T, ? extends K> keyOf,
            ThrowingBiFunction<? super T, Optional<V>, ? extends R> combine) {
        return enrich(enricher, keyOf, combine, StageOptions.with());
    }

    /** Joins each value with the answer to its key, which may be absent: a left join. */
    public <K, V, R> Stage<R> enrich(
            Enricher<? super K, ? extends V> enricher,
            ThrowingFunction<? super T, ? extends K> keyOf,
            ThrowingBiFunction<? super T, Optional<V>, ? extends R> combine,
            StageOptions options) {
        return enrich(enricher, keyOf, erasedJoin(combine), false, options);
    }

    /** Joins each value with the answer to its key and drops, and counts, those without one: an inner join. */
    public <K, V, R> Stage<R> enrichOrDrop(
            Enricher<? super K, ? extends V> enricher,
            ThrowingFunction<? super T, ? extends K> keyOf,
            ThrowingBiFunction<? super T, ? super V, ? extends R> combine) {
        return enrichOrDrop(enricher, keyOf, combine, StageOptions.with());
    }

    /** Joins each value with the answer to its key and drops, and counts, those without one: an inner join. */
    public <K, V, R> Stage<R> enrichOrDrop(
            Enricher<? super K, ? extends V> enricher,
            ThrowingFunction<? super T, ? extends K> keyOf,
            ThrowingBiFunction<? super T, ? super V, ? extends R> combine,
            StageOptions options) {
        return enrich(enricher, keyOf, new InnerJoin(erasedJoin(combine)), true, options);
    }

    /**
     * Lets records through no faster than asked, over the whole pipeline. It holds the source back rather than keep
     * records waiting. Those that wait when the source ends keep their pace; when the pipeline is drained, they go
     * through at once.
     */
    public Stage<T> throttle(Throttle throttle) {
        return throttle(throttle, StageOptions.with());
    }

    /** As {@link #throttle(Throttle)}; of the options it heeds the name. */
    public Stage<T> throttle(Throttle throttle, StageOptions options) {
        Objects.requireNonNull(throttle, "throttle");
        requireNoAggregate("throttle", "Aggregation.every says how often one tells");
        return and(options, "throttle", name -> new StageNode.Throttled(name, options, throttle));
    }

    /**
     * Lets the first values of a run pass, that many and never one more, and ends the pipeline then: what has passed is
     * written and committed, and its state is {@link dev.millrace.pipeline.runtime.PipelineState#STOPPED}, as after the
     * end of its source. What comes behind is left undone, and the next run begins with it.
     *
     * <p>Values are counted as they come here, of all partitions together. One that comes again within the run, as
     * after a rebalance or a {@linkplain dev.millrace.pipeline.runtime.PipelineRunner#restart restart}, counts again,
     * for the count goes on in all lives of a run; the next run counts from the beginning. One that fails later has
     * passed.
     *
     * <p>A record of which some values have passed and others have not is not done: all of it comes again in the next
     * run, as after a crash, and those are written twice. So are values of what comes behind that {@link #alsoTo} or
     * {@link #branch} have sent another way. A limit below what one record, or one list of {@link #batch}, makes here
     * therefore never gets beyond it. In a branch a limit ends the whole pipeline. What waits before it, for an answer
     * or for others to fill a list, is not waited for.
     *
     * @param most how many values pass, positive
     */
    public Stage<T> limit(long most) {
        return limit(most, StageOptions.with());
    }

    /** As {@link #limit(long)}; of the options it heeds the name. */
    public Stage<T> limit(long most, StageOptions options) {
        requireNoAggregate("limit", "put it before");
        if (most < 1) {
            throw new IllegalArgumentException("most must be positive, got " + most);
        }
        return and(options, "limit", name -> new StageNode.Limit(name, options, most));
    }

    /**
     * Gathers values into lists of that size. Lists end only when they are full, or when nothing can fill them: the
     * source ends, the pipeline is drained, or the partition is to be given up. See {@link #batch(int, Duration,
     * StageOptions)}.
     */
    public Stage<List<T>> batch(int size) {
        return batch(size, StageOptions.with());
    }

    /** As {@link #batch(int)}; of the options it heeds the name. */
    public Stage<List<T>> batch(int size, StageOptions options) {
        return batch(size, Optional.empty(), options);
    }

    /**
     * Gathers values into lists of up to that size, of values that wait no longer than that for others. See
     * {@link #batch(int, Duration, StageOptions)}.
     */
    public Stage<List<T>> batch(int size, Duration age) {
        return batch(size, age, StageOptions.with());
    }

    /**
     * Gathers values into lists. A list holds values of one partition of the source, in the order in which they come,
     * and goes on when it is full, or when its first value is that old; earlier only at the end, and where the pipeline
     * holds as much as it may and nothing else can make room, so that a size beyond what may be in flight does no harm.
     *
     * <p>All records of a list are done when it is. If a later stage gives it up, or anything that was made of it, all
     * of them have failed: each is skipped, or becomes a dead letter of its own. A sink writes a list as one value and
     * never splits it. What was gathered when a process dies, or when a partition is lost, comes again.
     *
     * <p>A list has no key, whatever keys were given to its values: a {@link #keyBy} after it gives it one, and until
     * then {@link dev.millrace.pipeline.policy.Ordering#PER_KEY} means the order of the partition. To {@link #peek} and
     * sinks it is a record without headers, at the position of its first record, with the newest of their timestamps.
     *
     * @param size how many values make a list, positive
     * @param age how long the first value waits for others, positive
     * @param options of which it heeds the name
     */
    public Stage<List<T>> batch(int size, Duration age, StageOptions options) {
        if (Objects.requireNonNull(age, "age").isNegative() || age.isZero()) {
            throw new IllegalArgumentException("age must be positive, got " + age);
        }
        return batch(size, Optional.of(age), options);
    }

    /** What an aggregate tells comes in rounds, and what waits in between would keep the next one waiting. */
    private void requireNoAggregate(String verb, String instead) {
        if (nodes.stream().anyMatch(StageNode.Aggregate.class::isInstance)) {
            throw new PipelineDefinitionException(
                    "pipeline '" + pipeline + "' cannot have '" + verb + "' after an aggregate; " + instead);
        }
    }

    private Stage<List<T>> batch(int size, Optional<Duration> age, StageOptions options) {
        requireNoAggregate("batch", "'snapshots' tells all keys as one list");
        if (size < 1) {
            throw new IllegalArgumentException("size must be positive, got " + size);
        }
        return and(options, "batch", name -> new StageNode.Batch(name, options, size, age));
    }

    /** Writes each value to a sink and goes on with it. A record is done when every sink is done with it. */
    public Stage<T> alsoTo(Sink<? super T> sink) {
        return alsoTo(sink, StageOptions.with());
    }

    /** Writes each value to a sink and goes on with it. A record is done when every sink is done with it. */
    public Stage<T> alsoTo(Sink<? super T> sink, StageOptions options) {
        Objects.requireNonNull(sink, "sink");
        return and(options, "alsoTo", name -> new StageNode.AlsoTo(name, options, erasedSink(sink)));
    }

    /**
     * Sends each value down a way of its own as well, and goes on with it:
     *
     * <pre>{@code
     * .branch(all -> all.filter(Payment::isSuspicious).map(Alert::of).to(alerts))
     * .to(payments)
     * }</pre>
     *
     * <p>The branch is written like the rest of a pipeline and ends in a sink. Its first value comes there before the
     * next stage has it. A record is done when every way is done with it; one that fails in the branch goes on beside
     * it. A failure policy of the sink that ends the branch is that of the stages of the branch; without one, that of
     * the way that it leaves holds. Both ways have the same values, so neither may change them.
     *
     * @param branch makes the branch of this stage; called once, now
     */
    public Stage<T> branch(Function<? super Stage<T>, Pipeline> branch) {
        Pipeline made = Objects.requireNonNull(branch.apply(this), "the branch is null");
        List<StageNode> way = made.graph().stages();
        if (!made.name().equals(pipeline)
                || way.size() <= nodes.size()
                || !way.subList(0, nodes.size()).equals(nodes)) {
            throw new PipelineDefinitionException(
                    "a branch of pipeline '" + pipeline + "' must go on from the stage that it is given");
        }
        List<StageNode> own = way.subList(nodes.size(), way.size());
        return and(StageOptions.with(), "branch", name -> new StageNode.Branch(name, own));
    }

    /** Writes the values to a sink, which ends the pipeline. */
    public Pipeline to(Sink<? super T> sink) {
        return to(sink, StageOptions.with());
    }

    /**
     * Writes the values to a sink, which ends the pipeline. The failure policy given here is also that of every stage
     * that has none of its own.
     */
    public Pipeline to(Sink<? super T> sink, StageOptions options) {
        Objects.requireNonNull(sink, "sink");
        Stage<T> end = and(options, "to", name -> new StageNode.To(name, options, erasedSink(sink)));
        return new Pipeline(new PipelineGraph(pipeline, end.nodes));
    }

    @SuppressWarnings("unchecked")
    private <R> Stage<R> enrich(
            Enricher<?, ?> enricher,
            ThrowingFunction<?, ?> keyOf,
            ThrowingBiFunction<Object, Optional<Object>, Object> combine,
            boolean inner,
            StageOptions options) {
        Objects.requireNonNull(enricher, "enricher");
        Objects.requireNonNull(keyOf, "keyOf");
        return and(
                options,
                inner ? "enrichOrDrop" : "enrich",
                name -> new StageNode.Enrich(
                        name, options, (Enricher<Object, Object>) enricher, erased(keyOf), combine, inner));
    }

    String pipeline() {
        return pipeline;
    }

    List<StageNode> nodes() {
        return nodes;
    }

    <R> Stage<R> and(StageOptions options, String verb, Function<String, StageNode> node) {
        String name = options.name().map(this::unused).orElseGet(() -> numbered(verb));
        HeededOptions.require(options, verb, name, pipeline);
        List<StageNode> longer = new ArrayList<>(nodes);
        longer.add(node.apply(name));
        return new Stage<>(pipeline, List.copyOf(longer));
    }

    private String unused(String name) {
        if (isUsed(name)) {
            throw new PipelineDefinitionException(
                    "stage names must be unique: '" + name + "' occurs twice in pipeline '" + pipeline + "'");
        }
        return name;
    }

    private String numbered(String verb) {
        String name = verb;
        for (int i = 2; isUsed(name); i++) {
            name = verb + "-" + i;
        }
        return name;
    }

    private boolean isUsed(String name) {
        return nodes.stream().anyMatch(node -> isUsed(node, name));
    }

    private static boolean isUsed(StageNode node, String name) {
        return node.name().equals(name)
                || node instanceof StageNode.Branch branch
                        && branch.stages().stream().anyMatch(within -> isUsed(within, name));
    }

    // The graph holds functions without their types; the signatures above have checked them.

    @SuppressWarnings("unchecked")
    private static ThrowingFunction<Object, Object> erased(ThrowingFunction<?, ?> function) {
        return (ThrowingFunction<Object, Object>) function;
    }

    @SuppressWarnings("unchecked")
    private static <B> ThrowingBiFunction<Object, B, Object> erasedJoin(ThrowingBiFunction<?, ?, ?> function) {
        return (ThrowingBiFunction<Object, B, Object>) Objects.requireNonNull(function, "combine");
    }

    @SuppressWarnings("unchecked")
    private static Sink<Object> erasedSink(Sink<?> sink) {
        return (Sink<Object>) sink;
    }

    /** Combines a value with an answer that is there. A record, so that equal descriptions are equal. */
    private record InnerJoin(ThrowingBiFunction<Object, Object, Object> combine)
            implements ThrowingBiFunction<Object, Optional<Object>, Object> {

        @Override
        public Object apply(Object value, Optional<Object> answer) throws Exception {
            return combine.apply(value, answer.orElseThrow());
        }
    }
}
