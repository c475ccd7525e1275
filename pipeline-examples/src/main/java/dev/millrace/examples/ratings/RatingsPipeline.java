package dev.millrace.examples.ratings;

import static dev.millrace.examples.ratings.Movie.normalise;
import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.RetryPolicy.exponential;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.spi.Enricher;

/** The job itself: ratings from Kafka, joined with the catalogue, into Cassandra. */
final class RatingsPipeline {

    private RatingsPipeline() {}

    /** From a topic that is read as options say. */
    static Pipeline of(ReadKafka kafka, Enricher<String, Movie> movies, Cassandra cassandra) {
        // docs:begin
        return Pipeline.named("movie-ratings")
                .from(kafka.source("ratings", JsonSerde.of(Rating.class)))
                .filter(rating -> rating.user() != null)
                .enrich(movies, rating -> normalise(rating.movie()), EnrichedRating::of)
                .to(
                        cassandra.sink("netflix.ratings", EnrichedRating.class),
                        with().retry(exponential(ofMillis(100), ofSeconds(30)))
                                .onFailure(deadLetter(kafka.deadLetters("ratings-dlq"))));
        // docs:end
    }
}
