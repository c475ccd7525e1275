package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.spi.CacheStats;
import dev.millrace.pipeline.spi.LocalLookup;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.StateTable;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What the stages of a pipeline have opened, once each, for all workers to share. */
final class OpenStages {

    private final PipelineGraph graph;
    private final Environment environment;
    private final Map<String, FailurePolicy> policies;
    private final Map<String, OpenSink> sinks = new HashMap<>();
    private final Map<String, OpenLookup> lookups = new HashMap<>();
    private final Map<String, ThrottleStep.Pace> paces = new HashMap<>();
    private @Nullable AggregateRounds aggregate;
    private final Map<Sink<DeadLetter>, OpenSink> deadLetters = new LinkedHashMap<>();
    private final ArrayDeque<Closing> closings = new ArrayDeque<>();

    private OpenStages(PipelineGraph graph, Environment environment) {
        this.graph = graph;
        this.environment = environment;
        this.policies = graph.policies();
    }

    record OpenSink(SinkStep.Place place, SinkWriter<Object> writer, Gate gate) {}

    record OpenLookup(Lookup<Object, Object> lookup, Gate gate) {}

    private record Closing(String stage, AutoCloseable resource) {}

    /**
     * Opens sinks and lookups in the order of the stages.
     *
     * @throws PipelineFailedException if one cannot be opened; the others are closed again
     */
    static OpenStages open(PipelineGraph graph, Environment environment) {
        OpenStages stages = new OpenStages(graph, environment);
        for (StageNode node : graph.all()) {
            try {
                stages.open(node);
            } catch (Throwable cause) {
                stages.close();
                throw notStarted(graph.name(), node.name(), cause);
            }
        }
        return stages;
    }

    static PipelineFailedException notStarted(String pipeline, String stage, Throwable cause) {
        Failures.rethrowIfFatal(cause);
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new PipelineFailedException(
                "pipeline '" + pipeline + "' did not start: stage '" + stage + "' could not be opened: "
                        + Objects.requireNonNullElse(cause.getMessage(), Listeners.kind(cause)),
                pipeline,
                stage,
                null,
                cause);
    }

    private void open(StageNode node) throws Exception {
        if (node instanceof StageNode.To to) {
            sinks.put(node.name(), open(placeOf(node), to.sink()));
        } else if (node instanceof StageNode.AlsoTo alsoTo) {
            sinks.put(node.name(), open(placeOf(node), alsoTo.sink()));
        } else if (node instanceof StageNode.Enrich enrich) {
            Lookup<Object, Object> lookup =
                    Objects.requireNonNull(enrich.enricher().open(context(node.name())), "the enricher opened null");
            closings.push(new Closing(node.name(), lookup));
            int concurrency = node.options().concurrency().orElse(EnrichStep.DEFAULT_CONCURRENCY);
            lookups.put(node.name(), new OpenLookup(lookup, environment.parts().gate(concurrency)));
        } else if (node instanceof StageNode.Throttled throttled) {
            paces.put(node.name(), new ThrottleStep.Pace(throttled.throttle(), environment));
        } else if (node instanceof StageNode.Aggregate aggregate) {
            StateTable table = Objects.requireNonNull(
                    aggregate.aggregation().store().open(context(node.name())), "the store opened null");
            closings.push(new Closing(node.name(), table));
            this.aggregate = environment.parts().rounds(aggregate, table);
        }
        if (policyOf(node) instanceof FailurePolicy.ToDeadLetters letters
                && !deadLetters.containsKey(letters.store())) {
            deadLetters.put(letters.store(), openStore(letters.store()));
        }
    }

    private OpenSink open(SinkStep.Place place, Sink<Object> sink) throws Exception {
        SinkWriter<Object> writer = Objects.requireNonNull(sink.open(context(place.name())), "the sink opened null");
        closings.push(new Closing(place.name(), writer));
        return new OpenSink(place, writer, environment.parts().gate(place.concurrency(writer)));
    }

    /** A dead letter is tried a few times; if the store refuses it for good, the pipeline stops. */
    @SuppressWarnings("unchecked")
    private OpenSink openStore(Sink<DeadLetter> store) throws Exception {
        String name = deadLetters.isEmpty() ? "dead-letters" : "dead-letters-" + (deadLetters.size() + 1);
        StageOptions options =
                StageOptions.with().name(name).retry(RetryPolicy.none().maxAttempts(5));
        return open(SinkStep.Place.of(name, options), (Sink<Object>) (Sink<?>) store);
    }

    private static SinkStep.Place placeOf(StageNode node) {
        return SinkStep.Place.of(node.name(), node.options());
    }

    FailurePolicy policyOf(StageNode node) {
        return Objects.requireNonNull(policies.get(node.name()));
    }

    OpenSink sink(String stage) {
        return Objects.requireNonNull(sinks.get(stage));
    }

    OpenLookup lookup(String stage) {
        return Objects.requireNonNull(lookups.get(stage));
    }

    ThrottleStep.Pace pace(String stage) {
        return Objects.requireNonNull(paces.get(stage));
    }

    /** That of the one aggregate, where there is one. */
    Optional<AggregateRounds> aggregate() {
        return Optional.ofNullable(aggregate);
    }

    boolean isSink(String stage) {
        return sinks.containsKey(stage);
    }

    /** Whether it has a lookup that answers later. */
    boolean isAsking(String stage) {
        OpenLookup open = lookups.get(stage);
        return open != null && !(open.lookup() instanceof LocalLookup);
    }

    Map<Sink<DeadLetter>, OpenSink> deadLetters() {
        return deadLetters;
    }

    /** How the memory of a stage's lookup fares; what a connector throws instead counts as nothing. */
    Optional<CacheStats> cache(String stage) {
        OpenLookup open = lookups.get(stage);
        try {
            return open == null ? Optional.empty() : open.lookup().cache();
        } catch (RuntimeException unknown) {
            return Optional.empty();
        }
    }

    StageContext context(String stage) {
        return new Context(graph.name(), stage, environment);
    }

    /** Closes everything, the last opened first; failures are logged, for nothing depends on them any more. */
    void close() {
        while (!closings.isEmpty()) {
            Closing closing = closings.pop();
            try {
                closing.resource().close();
            } catch (Throwable failure) {
                Failures.rethrowIfFatal(failure);
                new Listeners(graph.name(), List.of(), environment::nanoTime)
                        .warn(closing.stage(), "closing failed: " + Listeners.kind(failure));
            }
        }
    }

    private record Context(String pipeline, String stage, Environment environment) implements StageContext {

        @Override
        public long nanoTime() {
            return environment.nanoTime();
        }

        @Override
        public Executor blocking() {
            return environment.blocking();
        }

        @Override
        public <T> CompletionStage<T> blocking(ThrowingSupplier<? extends T> call) {
            return BlockingAnswer.of(StageContext.super.blocking(call));
        }
    }
}
