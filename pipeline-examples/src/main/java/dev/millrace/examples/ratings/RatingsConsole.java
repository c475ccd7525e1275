package dev.millrace.examples.ratings;

import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.kafka.StartPosition;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the ratings of a topic, from its beginning, until it is stopped. */
@Command(
        name = "ratings-console",
        description = "Prints all ratings of a running Kafka, untruncated, and goes on with new ones.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class RatingsConsole implements Callable<Integer> {

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Default ${DEFAULT-VALUE}.")
    private String kafka = "localhost:9092";

    static Pipeline pipeline(Kafka kafka) {
        return Pipeline.named("ratings-console")
                .from(kafka.source(RatingsSchema.TOPIC, JsonSerde.of(Rating.class))
                        .from(StartPosition.earliest().ignoringCommitted()))
                .to(
                        Sinks.forEach(rating -> System.out.printf(
                                Locale.ROOT,
                                "%-28s | %-40s | %2d | %s%n",
                                rating.user(),
                                rating.movie(),
                                rating.rating(),
                                rating.timestamp())),
                        StageOptions.with().onFailure(FailurePolicy.skip()));
    }

    @Override
    public Integer call() throws Exception {
        System.out.printf("%-28s | %-40s | %2s | %s%n", "user", "movie", "*", "timestamp");
        try (RunningPipeline running = PipelineRunner.create().start(pipeline(Kafka.at(kafka)))) {
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
            running.awaitTermination();
        }
        return 0;
    }
}
