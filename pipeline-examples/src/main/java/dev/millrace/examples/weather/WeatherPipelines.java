package dev.millrace.examples.weather;

import static dev.millrace.pipeline.policy.FailurePolicy.skip;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.time.Duration.ofSeconds;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.files.Csv;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Source;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** The job itself: from the service to Kafka, and from there to Cassandra, a backup and the console. */
final class WeatherPipelines {

    private WeatherPipelines() {}

    /**
     * Each round asks for a list of cities. As many answers as there are cities, or what has come a second after the
     * first, are one message; of rounds less than a second apart they may be mixed. A city that fails, or takes too
     * long, is left out.
     */
    static Pipeline fetch(
            Source<List<Integer>> rounds, int cities, Enricher<Integer, Report> openWeather, Kafka kafka) {
        // docs:begin
        return Pipeline.named("weather-fetch")
                .from(rounds)
                .flatMap(round -> round)
                .keyBy(city -> city)
                .enrichOrDrop(
                        openWeather,
                        city -> city,
                        (city, report) -> report.row(),
                        with().ordering(Ordering.PER_KEY)
                                .deadline(ofSeconds(10))
                                .onFailure(skip()))
                .batch(cities, ofSeconds(1))
                .map(SplitTable::of)
                .to(kafka.sink("weather", JsonSerde.of(SplitTable.class)));
        // docs:end
    }

    static Pipeline store(Kafka kafka, Cassandra cassandra, Path backup, PrintStream console) {
        // docs:begin
        return Pipeline.named("weather")
                .from(kafka.source("weather", JsonSerde.of(SplitTable.class)))
                .flatMap(SplitTable::rows)
                .alsoTo(Csv.appending(backup, Wind.class))
                .alsoTo(Sinks.table(console))
                .to(cassandra.sink("weather.weather", Wind.class));
        // docs:end
    }
}
