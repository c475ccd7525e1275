package dev.millrace.examples.imdb;

import static dev.millrace.pipeline.Aggregators.ascending;
import static dev.millrace.pipeline.Aggregators.counting;
import static dev.millrace.pipeline.policy.Aggregation.keptIn;
import static dev.millrace.pipeline.policy.FailurePolicy.skip;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static dev.millrace.pipeline.policy.Throttle.perSecond;

import dev.millrace.files.Csv;
import dev.millrace.files.CsvTable;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.parquet.Parquet;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.policy.BatchPolicy;
import java.nio.file.Path;
import java.time.Duration;

/** The jobs: from the two files to Kafka, and from there to the silver table and the counts. */
final class ImdbPipelines {

    static final String TOPIC = "imdb-movies";
    static final int PARTITIONS = 3;

    private ImdbPipelines() {}

    /** Goes on behind the titles that have been sent. Those that nobody has rated are dropped. */
    static Pipeline producer(Path basics, Path ratings, long limit, double rate, Kafka kafka, ImdbFiles files) {
        // docs:begin
        CsvTable<String, Rating> rated = CsvTable.of(
                        Csv.source(ratings, Rating.class).tabSeparated())
                .keyedBy(Rating::tconst)
                .skipRefused();
        return Pipeline.named("imdb-producer")
                .from(
                        Csv.source(basics, Title::of).tabSeparated().positionKeptIn(files.states()),
                        with().onFailure(skip()))
                .filter(Title::isMovie)
                .enrichOrDrop(rated, Title::tconst, Movie::of)
                .limit(limit)
                .throttle(perSecond(rate))
                .to(kafka.sink("imdb-movies", JsonSerde.of(Movie.class)).keyedBy(Movie::tconst));
        // docs:end
    }

    /**
     * Counts each movie once, also one that the producer has sent again after a crash. What it has counted is kept on
     * this machine, so all partitions are this one's, and after a kill it need not wait until its group misses it.
     */
    static Pipeline movies(Prior prior, Duration interval, Kafka kafka, ImdbFiles files) {
        // docs:begin
        return Pipeline.named("imdb")
                .from(kafka.source("imdb-movies", JsonSerde.of(Movie.class)).partitions(0, 1, 2))
                .map(movie -> ScoredMovie.of(movie, prior))
                .alsoTo(
                        Parquet.appending(files.silver(), ScoredMovie.class),
                        with().batch(BatchPolicy.of(50_000, interval)))
                .flatMap(MovieGenre::allOf)
                .keyBy(MovieGenre::genre)
                .snapshots(
                        ascending(MovieGenre::line, counting()),
                        GenreCount::new,
                        keptIn(files.states()).every(interval))
                .map(GenreCount::sorted)
                .alsoTo(Parquet.replacing(files.genreTable(), GenreCount.class))
                .to(Csv.replacing(files.genreCounts(), GenreCount.class));
        // docs:end
    }
}
