package dev.millrace.benchmarks.millrace;

import dev.millrace.benchmarks.workload.Catalogue;
import dev.millrace.benchmarks.workload.EnrichedRating;
import dev.millrace.benchmarks.workload.Rating;
import dev.millrace.benchmarks.workload.Stopwatch;
import dev.millrace.benchmarks.workload.Task;
import dev.millrace.benchmarks.workload.Times;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import java.nio.file.Path;
import java.util.List;

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
        if (task.isTimed()) {
            runTimed(task, pipeline);
            return;
        }
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            Stopwatch.await(task.records(), () -> running.stats().recordsDone());
            running.close();
            running.awaitTermination();
        }
    }

    /** A listener notes when rows are written. */
    private static void runTimed(Task task, Pipeline pipeline) throws Exception {
        Times times = new Times(task.records());
        PipelineRunner runner = PipelineRunner.create().listener(new PipelineListener() {
            @Override
            public void onWritten(String name, String stage, List<PipelineRecord<?>> written) {
                times.written(written.stream()
                        .map(record -> (EnrichedRating) record.value())
                        .toList());
            }
        });
        try (RunningPipeline running = runner.start(pipeline)) {
            Stopwatch.await(task.records(), times::count);
            running.close();
            running.awaitTermination();
        }
        times.save(Path.of(task.times()));
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
