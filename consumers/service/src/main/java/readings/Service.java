package readings;

import static dev.millrace.pipeline.Aggregators.counting;
import static dev.millrace.pipeline.policy.Aggregation.keptIn;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.cache.Cached;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.files.Csv;
import dev.millrace.files.Json;
import dev.millrace.http.Http;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.parquet.Parquet;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.state.StateDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;

/** Every module of Millrace on one class path; what needs a server goes as far as it can without one. */
public final class Service {

    /** Nothing listens there. */
    private static final String NOWHERE = "127.0.0.1:1";

    private Service() {}

    public static void main(String[] args) throws Exception {
        Path output = Files.createDirectories(Path.of(args[0]));
        Files.writeString(
                output.resolve("class-path.txt"),
                System.getProperty("java.class.path").replace(':', '\n'));

        Source<Reading> readings = Json.lines(Path.of("input/readings.jsonl"), Reading.class);
        try (Registry registry = Registry.of(Map.of("/north", "hall", "/south", "cellar"))) {
            Enricher<String, String> places =
                    Http.lookup(sensor -> registry.uri().resolve(sensor), body -> new String(body, UTF_8));
            run(Pipeline.named("placed")
                    .from(readings)
                    .enrichOrDrop(Cached.of(places), Reading::sensor, PlacedReading::of)
                    .alsoTo(Parquet.appending(output.resolve("parquet"), PlacedReading.class))
                    .to(Csv.appending(output.resolve("placed.csv"), PlacedReading.class)));
        }

        StateDirectory states = StateDirectory.at(output.resolve("states"));
        run(Pipeline.named("counts")
                .from(Parquet.source(output.resolve("parquet"), PlacedReading.class)
                        .glob("*.parquet")
                        .positionKeptIn(states))
                .keyBy(PlacedReading::place)
                .snapshots(counting(), Count::new, keptIn(states))
                .to(Json.replacing(output.resolve("counts.jsonl"), Count.class)));

        Serde<Reading> json = JsonSerde.of(Reading.class);
        Reading reading = new Reading("north", Instant.EPOCH, 20.5);
        byte[] bytes = json.serializer().serialize("readings", reading);
        check(reading.equals(json.deserializer().deserialize("readings", bytes)), "JSON is read as it was written");

        mustNotStart(Pipeline.named("from-kafka")
                .from(Kafka.at(NOWHERE).source("readings", json))
                .to(Kafka.at(NOWHERE).sink("copies", json)));
        mustNotStart(Pipeline.named("to-cassandra")
                .from(readings)
                .to(Cassandra.at(NOWHERE).sink("service.readings", Reading.class)));
    }

    private static void run(Pipeline pipeline) throws InterruptedException {
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not so: " + what);
        }
    }

    private static void mustNotStart(Pipeline pipeline) {
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            check(false, pipeline + " does not start");
        } catch (PipelineFailedException expected) {
            System.out.println("as expected: " + expected.getMessage());
        }
    }
}
