package dev.millrace.pipeline;

import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.spi.Source;
import java.time.Duration;
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

    /** As {@link #preview(int, Duration)}, with ten seconds to wait. */
    public Preview preview(int records) {
        return preview(records, Duration.ofSeconds(10));
    }

    /**
     * Shows what each stage makes of the first records of the source, without writing or committing anything: reads
     * them, calls the functions of the stages with them and asks their lookups, one record after the other, on the
     * calling thread. Sinks and stores of dead letters are not even opened. The source is told that it
     * {@linkplain dev.millrace.pipeline.spi.SourceContext#isPreview() is only looked at}, so that it joins no group.
     *
     * <p>Nothing is tried again and no failure policy is followed: what fails is shown as it failed. A throttle lets
     * everything through, and lists that are not full are handed on at the end. Returns once it has that many records,
     * or the source has come to its end or failed, or the time is over, with what there is by then; an interrupt ends
     * it as the time does. A function that blocks is waited for.
     *
     * @param records how many, positive
     * @param timeout how long to wait for records and answers once everything is open, positive
     * @throws IllegalStateException if a lookup or the source cannot be opened; what was opened is closed again
     */
    public Preview preview(int records, Duration timeout) {
        if (records < 1) {
            throw new IllegalArgumentException("records must be positive, got " + records);
        }
        if (Objects.requireNonNull(timeout, "timeout").isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, got " + timeout);
        }
        try (Previewer previewer = new Previewer(graph, records)) {
            return previewer.look(timeout);
        }
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
            String stage = options.name().orElse("from");
            HeededOptions.require(options, "from", stage, name);
            return new Stage<>(name, List.of(new StageNode.From(stage, options, source)));
        }
    }
}
