package dev.millrace.examples.imdb;

import dev.millrace.examples.DurationConverter;
import dev.millrace.examples.ExampleException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be set: by an option, or else in the environment, or else in the file {@code .env}. */
final class ImdbSettings {

    @Option(
            names = "--rate",
            paramLabel = "N",
            descriptionKey = "MSGS_PER_SEC",
            description = "Movies a second, MSGS_PER_SEC; default ${DEFAULT-VALUE}.")
    double rate = 50;

    @Option(
            names = "--limit",
            paramLabel = "N",
            descriptionKey = "PRODUCER_LIMIT",
            description = "Movies to send in this run at most, PRODUCER_LIMIT; by default all.")
    long limit = Long.MAX_VALUE;

    @Option(
            names = "--prior-votes",
            paramLabel = "N",
            descriptionKey = "MIN_VOTES_PRIOR",
            description = "Votes that each movie is taken to have beforehand, MIN_VOTES_PRIOR; default"
                    + " ${DEFAULT-VALUE}.")
    double priorVotes = 3_000;

    @Option(
            names = "--prior-mean",
            paramLabel = "N",
            descriptionKey = "GLOBAL_MEAN_RATING",
            description = "What these votes are, GLOBAL_MEAN_RATING; default ${DEFAULT-VALUE}.")
    double priorMean = 6.5;

    @Option(
            names = "--snapshot-every",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "2s",
            description = "How often the counts are written anew, such as 30s; default ${DEFAULT-VALUE}.")
    Duration interval = Duration.ZERO;

    @Option(
            names = "--basics",
            paramLabel = "FILE",
            description = "IMDb's title.basics.tsv.gz; by default some hundred titles are made up.")
    @Nullable
    Path basics;

    @Option(names = "--ratings", paramLabel = "FILE", description = "IMDb's title.ratings.tsv.gz.")
    @Nullable
    Path ratings;

    Prior prior() {
        if (!(priorVotes > 0) || Double.isInfinite(priorVotes)) {
            throw new ExampleException("--prior-votes must be positive, got " + priorVotes);
        }
        if (!Double.isFinite(priorMean)) {
            throw new ExampleException("--prior-mean must be a number, got " + priorMean);
        }
        return new Prior(priorVotes, priorMean);
    }

    long limit() {
        if (limit < 1) {
            throw new ExampleException("--limit must be positive, got " + limit);
        }
        return limit;
    }

    double rate() {
        if (!(rate > 0)) {
            throw new ExampleException("--rate must be positive, got " + rate);
        }
        return rate;
    }

    Duration interval() {
        if (interval.isZero()) {
            throw new ExampleException("--snapshot-every must be positive, got 0");
        }
        return interval;
    }

    /** The two files: those given, or made up in the directory. */
    TitleFiles titles(Path directory) throws Exception {
        if ((basics == null) != (ratings == null)) {
            throw new ExampleException("--basics and --ratings must be given together");
        }
        if (basics == null || ratings == null) {
            return SampleTitles.write(directory);
        }
        for (Path file : new Path[] {basics, ratings}) {
            if (!Files.isReadable(file)) {
                throw new ExampleException("there is no readable file '" + file + "'");
            }
        }
        return new TitleFiles(basics, ratings);
    }
}
