package dev.millrace.examples.weather;

import static dev.millrace.pipeline.policy.FailurePolicy.skip;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.time.Duration.ofSeconds;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Source;
import java.util.List;

/** The job itself: from the service to Kafka, and from there to Cassandra. */
final class WeatherPipelines {

    private WeatherPipelines() {}

    /**
     * Each round is a list of cities. One that fails, or takes too long, is left out; the others do not wait for it.
     */
    static Pipeline fetch(Source<List<Integer>> rounds, Enricher<Integer, Report> openWeather, Kafka kafka) {
        return Pipeline.named("weather-fetch")
                .from(rounds)
                .flatMap(cities -> cities)
                .keyBy(city -> city)
                .enrichOrDrop(
                        openWeather,
                        city -> city,
                        (city, report) -> report.row(),
                        with().ordering(Ordering.PER_KEY).deadline(ofSeconds(5)).onFailure(skip()))
                .map(row -> SplitTable.of(List.of(row)))
                .to(kafka.sink("weather", JsonSerde.of(SplitTable.class)).keyedBy(table -> null));
    }

    static Pipeline store(Kafka kafka, Cassandra cassandra) {
        return Pipeline.named("weather")
                .from(kafka.source("weather", JsonSerde.of(SplitTable.class)))
                .flatMap(SplitTable::rows)
                .to(cassandra.sink("weather.weather", Wind.class));
    }
}
