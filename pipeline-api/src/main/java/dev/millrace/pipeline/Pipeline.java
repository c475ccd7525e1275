package dev.millrace.pipeline;

import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.spi.Source;
import java.util.List;
import java.util.Objects;

/**
 * A pipeline: where records come from, what becomes of them, where they go. It is a description and does nothing by
 * itself; hand it to {@link dev.millrace.pipeline.runtime.PipelineRunner#start}, as often as you like.
 *
 * <pre>{@code
 * Pipeline shouting = Pipeline.named("shouting")
 *         .from(Sources.of("a", "b"))
 *         .map(String::toUpperCase)
 *         .to(Sinks.forEach(System.out::println));
 * }</pre>
 *
 * <p>Immutable and thread-safe, as far as the functions in it are.
 */
public final class Pipeline {

    private final PipelineGraph graph;

    Pipeline(PipelineGraph graph) {
        this.graph = graph;
    }

    /**
     * Begins a pipeline.
     *
     * @param name names it in logs, metrics and dead letters; a Kafka source also takes it as the consumer group
     */
    public static Named named(String name) {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new PipelineDefinitionException("name must not be blank");
        }
        return new Named(name);
    }

    /** Its name. */
    public String name() {
        return graph.name();
    }

    /** Its stages as data. */
    public PipelineGraph graph() {
        return graph;
    }

    /** Its stages as text, one a line. */
    public String describe() {
        return Diagram.text(graph);
    }

    /** Its stages as a Mermaid flow chart. */
    public String describeAsMermaid() {
        return Diagram.mermaid(graph);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pipeline that && graph.equals(that.graph);
    }

    @Override
    public int hashCode() {
        return graph.hashCode();
    }

    @Override
    public String toString() {
        return "Pipeline[" + name() + "]";
    }

    /** A pipeline that has a name and yet needs a source. Immutable and thread-safe. */
    public static final class Named {

        private final String name;

        private Named(String name) {
            this.name = name;
        }

        /** Takes records from a source. */
        public <T> Stage<T> from(Source<T> source) {
            return from(source, StageOptions.with());
        }

        /**
         * Takes records from a source; of the options it heeds name and failure policy, for records that do not decode.
         */
        public <T> Stage<T> from(Source<T> source, StageOptions options) {
            Objects.requireNonNull(source, "source");
            return new Stage<>(name, List.of(new StageNode.From(options.name().orElse("from"), options, source)));
        }
    }
}
