package dev.millrace.pipeline;

import dev.millrace.pipeline.function.ThrowingBiFunction;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.spi.Aggregator;
import dev.millrace.pipeline.spi.StateStore;
import java.util.List;
import java.util.Objects;

/**
 * A pipeline under way whose records have just been given a key, so that they can be brought together by it.
 *
 * <p><b>An aggregate</b> keeps a state per partition of the source and key, and tells, at most so often as its
 * {@link Aggregation} says, what the states of all partitions come to. What it tells goes on down the pipeline; the
 * records that it is made of are committed once every sink has written it and the states are kept. After a crash
 * records come again, and those that a state includes already change nothing: so counts are exact, whenever the process
 * dies. What is written to sinks before the aggregate may be written twice, as ever.
 *
 * <p><b>What exact counts rest on.</b> A record must become the same values of the same keys whenever it is read: what
 * a lookup before the aggregate answers, or a clock, may have changed when it comes again. States belong to the names
 * of pipeline and stage; who changes what is counted gives the stage another name, or goes on with the former numbers.
 * Where records are replaced by others under their offsets, as by a topic that is deleted and created again or whose
 * log is truncated, the pipeline ends in FAILED whatever the source has been told to do: the states would take the new
 * ones for those that they include. It begins anew under another name.
 *
 * <p>What is told is of the partitions that this instance reads. Where several instances share a group, a key must
 * therefore occur in one partition only, or there must be one instance. When a partition is taken away without notice,
 * what has been told of it may be written still, after what its new owner writes; the next change of the key mends
 * that.
 *
 * <p>All states are in memory, each once in two maps, and no key is ever forgotten. At a start nothing is told of keys
 * that do not change. While the states of a partition are being loaded, nothing is told of any.
 *
 * <p>After an aggregate there is no record to make a dead letter of: a policy that asks for one stops the pipeline
 * there. {@code peek} and sinks see what is told as a record of a partition named as the stage, with the number of the
 * round as its offset, the time of the round, and the key, or none of a snapshot.
 *
 * <p>Immutable and thread-safe.
 *
 * @param <K> type of the keys; equal keys must be {@code equals}
 * @param <T> type of the values
 */
public final class KeyedStage<K, T> extends Stage<T> {

    KeyedStage(String pipeline, List<StageNode> nodes) {
        super(pipeline, nodes);
    }

    /**
     * Brings the values of each key together, and tells of those keys that have changed.
     *
     * @param result makes what is told of a key and its result; called by a thread that tells of all keys, so it must
     *     not block
     */
    public <R, U> Stage<U> aggregate(
            Aggregator<? super T, ?, R> aggregator,
            ThrowingBiFunction<? super K, ? super R, ? extends U> result,
            Aggregation aggregation) {
        return aggregate(aggregator, result, aggregation, StageOptions.with());
    }

    /**
     * As {@link #aggregate(Aggregator, ThrowingBiFunction, Aggregation)}; of the options it heeds name, failure policy,
     * and of the retry policy the pauses between calls of a store that is unavailable.
     */
    public <R, U> Stage<U> aggregate(
            Aggregator<? super T, ?, R> aggregator,
            ThrowingBiFunction<? super K, ? super R, ? extends U> result,
            Aggregation aggregation,
            StageOptions options) {
        return aggregated("aggregate", aggregator, result, aggregation, options, false);
    }

    /**
     * Brings the values of each key together, and tells of all keys at once where any has changed: for what replaces
     * the former as a whole. The order of the keys is none.
     *
     * @param result makes what is told of a key and its result; called by a thread that tells of all keys, so it must
     *     not block
     */
    public <R, U> Stage<List<U>> snapshots(
            Aggregator<? super T, ?, R> aggregator,
            ThrowingBiFunction<? super K, ? super R, ? extends U> result,
            Aggregation aggregation) {
        return snapshots(aggregator, result, aggregation, StageOptions.with());
    }

    /**
     * As {@link #snapshots(Aggregator, ThrowingBiFunction, Aggregation)}; of the options it heeds name, failure policy,
     * and of the retry policy the pauses between calls of a store that is unavailable.
     */
    public <R, U> Stage<List<U>> snapshots(
            Aggregator<? super T, ?, R> aggregator,
            ThrowingBiFunction<? super K, ? super R, ? extends U> result,
            Aggregation aggregation,
            StageOptions options) {
        return aggregated("snapshots", aggregator, result, aggregation, options, true);
    }

    @SuppressWarnings("unchecked")
    private <U> Stage<U> aggregated(
            String verb,
            Aggregator<?, ?, ?> aggregator,
            ThrowingBiFunction<?, ?, ?> result,
            Aggregation aggregation,
            StageOptions options,
            boolean isWhole) {
        Objects.requireNonNull(aggregator, "aggregator");
        Objects.requireNonNull(result, "result");
        Objects.requireNonNull(aggregation, "aggregation");
        nodes().forEach(node -> requireOrder(node, verb));
        if (!aggregation.store().equals(StateStore.none())) {
            requireRepeatable((StageNode.From) nodes().get(0), verb);
        }
        return and(
                options,
                verb,
                name -> new StageNode.Aggregate(
                        name,
                        options,
                        (Aggregator<Object, Object, Object>) aggregator,
                        (ThrowingBiFunction<Object, Object, Object>) result,
                        aggregation,
                        isWhole));
    }

    /** States know what they include by the offset of the last record, so records must come in their order. */
    private void requireOrder(StageNode node, String verb) {
        String reason = null;
        if (node instanceof StageNode.Enrich && node.options().ordering() != Ordering.PER_PARTITION) {
            reason = "does not keep the order of partitions";
        } else if (node instanceof StageNode.Batch) {
            reason = "makes one value of several records";
        } else if (node instanceof StageNode.Aggregate) {
            reason = "is an aggregate itself";
        } else if (node instanceof StageNode.Branch branch
                && branch.all().stream().anyMatch(StageNode.Aggregate.class::isInstance)) {
            reason = "has an aggregate";
        }
        if (reason != null) {
            throw refused(verb, node, reason);
        }
    }

    private void requireRepeatable(StageNode.From node, String verb) {
        if (!node.raw().isRepeatable()) {
            throw refused(
                    verb,
                    node,
                    "cannot say of a record that it comes again, as a kept state needs it; StateStore.none() keeps none");
        }
    }

    private PipelineDefinitionException refused(String verb, StageNode node, String reason) {
        return new PipelineDefinitionException("pipeline '" + pipeline() + "' cannot have '" + verb + "' after stage '"
                + node.name() + "', which " + reason);
    }
}
