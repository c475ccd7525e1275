package dev.millrace.examples.ratings;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.examples.Interruption;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the enriching pipeline against running servers until it is stopped. */
@Command(
        name = "ratings-to-cassandra",
        description = {
            "Joins the ratings of a running Kafka with a catalogue and writes them to a running Cassandra.",
            "A group that has read before goes on where it was."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class RatingsToCassandra implements Callable<Integer> {

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Default ${DEFAULT-VALUE}.")
    private String kafka = "localhost:9092";

    @Option(names = "--cassandra", paramLabel = "HOST:PORT", description = "Default ${DEFAULT-VALUE}.")
    private String cassandra = "localhost:9042";

    @Option(names = "--datacenter", paramLabel = "NAME", description = "By default the one that Cassandra says.")
    private @Nullable String datacenter;

    @Option(
            names = "--kafka-property",
            paramLabel = "KEY=VALUE",
            description = "A property of the Kafka client, such as session.timeout.ms=6000; may be repeated.")
    private Map<String, String> properties = Map.of();

    @Mixin
    private ReadOptions reading = new ReadOptions();

    @Mixin
    private CatalogueOptions catalogue = new CatalogueOptions();

    @Override
    public Integer call() throws Exception {
        Cassandra at = Cassandra.at(cassandra);
        Pipeline ratings = RatingsPipeline.of(
                reading.on(Kafka.at(kafka).with(properties)),
                catalogue.movies(),
                datacenter == null ? at : at.datacenter(datacenter));
        System.out.print(ratings.describe());
        try (Interruption interruption = new Interruption();
                RunningPipeline running = PipelineRunner.create().start(ratings)) {
            if (!interruption.awaitOrEndOf(running)) {
                running.awaitTermination();
            }
        }
        return 0;
    }
}
