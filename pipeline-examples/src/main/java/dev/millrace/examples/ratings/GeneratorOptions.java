package dev.millrace.examples.ratings;

import dev.millrace.examples.ExampleException;
import dev.millrace.examples.ThrottleConverter;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.policy.Throttle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How ratings are made up, and the pipeline that sends them. */
final class GeneratorOptions {

    @Option(
            names = "--titles",
            paramLabel = "FILE",
            description = "CSV whose first column holds the titles to rate; by default the sample.")
    @Nullable
    Path titles;

    @Option(names = "--rate", paramLabel = "N", description = "Ratings a second; default ${DEFAULT-VALUE}.")
    double rate = 100;

    @Option(
            names = "--pause",
            paramLabel = "MIN..MAX",
            converter = ThrottleConverter.class,
            description = "Random pause between two ratings, such as 5s..60s, instead of a rate.")
    @Nullable
    Throttle pause;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Makes the same ratings each time, times included; otherwise they have the present time.")
    @Nullable
    Long seed;

    /** The pipeline for a Kafka to come; what is wrong with the options is told before there is one. */
    Function<Kafka, Pipeline> pipeline(long records) {
        List<String> rated = titles();
        Throttle throttle = pause == null ? Throttle.perSecond(rate) : pause;
        return kafka -> pipeline(
                () -> seed == null ? Ratings.atRandom(rated, records) : Ratings.seeded(rated, records, seed),
                throttle,
                kafka);
    }

    private static Pipeline pipeline(ThrowingSupplier<Iterator<Rating>> ratings, Throttle throttle, Kafka kafka) {
        // docs:begin
        return Pipeline.named("rating-generator")
                .from(Sources.iterator(ratings))
                .throttle(throttle)
                .to(kafka.sink("ratings", JsonSerde.of(Rating.class)).keyedBy(Rating::user));
        // docs:end
    }

    private List<String> titles() {
        try {
            return titles == null ? Titles.sample() : Titles.of(titles);
        } catch (IOException | UncheckedIOException failure) {
            throw new ExampleException("cannot read the titles in '" + titles + "': " + failure.getMessage());
        }
    }
}
