package dev.millrace.benchmarks.millrace;

import dev.millrace.benchmarks.workload.Catalogue;
import dev.millrace.benchmarks.workload.EnrichedRating;
import dev.millrace.benchmarks.workload.Rating;
import dev.millrace.benchmarks.workload.Stopwatch;
import dev.millrace.benchmarks.workload.Task;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;

/** The job, with nothing set that has a default. */
final class Main {

    private Main() {}

    public static void main(String[] args) throws Exception {
        Task task = Task.ofProperties();
        Kafka kafka = Kafka.at(task.kafka());
        Pipeline pipeline = Pipeline.named(task.group())
                .from(kafka.source(task.topic(), JsonSerde.of(Rating.class)))
                .enrich(
                        Enrichers.of(Catalogue.films()),
                        rating -> Catalogue.normalised(rating.movie()),
                        (rating, film) -> EnrichedRating.of(rating, film.orElse(null)))
                .to(sink(task, kafka));
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            Stopwatch.await(task.records(), () -> running.stats().recordsDone());
            running.close();
            running.awaitTermination();
        }
    }

    private static Sink<EnrichedRating> sink(Task task, Kafka kafka) {
        return switch (task.sink()) {
            case NONE -> Sinks.discard();
            case KAFKA ->
                kafka.sink(task.output(), JsonSerde.of(EnrichedRating.class)).keyedBy(EnrichedRating::userName);
            case CASSANDRA -> Cassandra.at(task.cassandra()).sink(task.table(), EnrichedRating.class);
        };
    }
}
