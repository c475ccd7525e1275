package dev.millrace.examples.ratings;

import dev.millrace.examples.Interruption;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends ratings that it makes up to a running Kafka. */
@Command(
        name = "rating-generator",
        description = "Makes ratings up and sends them to the topic 'ratings' of a running Kafka.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class RatingGenerator implements Callable<Integer> {

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Default ${DEFAULT-VALUE}.")
    private String kafka = "localhost:9092";

    @Option(
            names = "--records",
            paramLabel = "N",
            description = "Stop after N ratings; by default it goes on for ever.")
    private long records = Long.MAX_VALUE;

    @Mixin
    private GeneratorOptions generator = new GeneratorOptions();

    @Override
    public Integer call() throws Exception {
        Pipeline ratings = generator.pipeline(records).apply(Kafka.at(kafka));
        try (Interruption interruption = new Interruption();
                RunningPipeline running = PipelineRunner.create().start(ratings)) {
            interruption.awaitOrEndOf(running);
            running.close();
            System.out.println("Sent " + running.stats().recordsDone());
            running.awaitTermination();
        }
        return 0;
    }
}
