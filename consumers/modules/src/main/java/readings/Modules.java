package readings;

import static dev.millrace.pipeline.Aggregators.averaging;
import static dev.millrace.pipeline.policy.Aggregation.keptIn;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.files.Csv;
import dev.millrace.files.CsvTable;
import dev.millrace.files.Json;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.state.StateDirectory;
import java.nio.file.Path;
import java.time.Instant;

/** A service that is a module, as are those of Millrace that it uses. */
public final class Modules {

    /** Nothing listens there. */
    private static final String NOWHERE = "127.0.0.1:1";

    record Reading(String sensor, Instant at, double celsius) {}

    record Sensor(String name, String place) {}

    record Placed(String place, Instant at, double celsius) {}

    record Mean(String place, double celsius) {}

    private Modules() {}

    public static void main(String[] args) throws Exception {
        Path output = Path.of("target");
        StateDirectory states = StateDirectory.at(output.resolve("states"));
        run(Pipeline.named("placed")
                .from(Csv.source(Path.of("input/readings.csv"), Reading.class))
                .enrichOrDrop(
                        CsvTable.of(Path.of("input/sensors.csv"), Sensor.class).keyedBy(Sensor::name),
                        Reading::sensor,
                        (reading, sensor) -> new Placed(sensor.place(), reading.at(), reading.celsius()))
                .to(Json.appending(output.resolve("placed.jsonl"), Placed.class)));
        run(Pipeline.named("means")
                .from(Json.lines(output.resolve("placed.jsonl"), Placed.class).positionKeptIn(states))
                .keyBy(Placed::place)
                .snapshots(averaging(Placed::celsius), Mean::new, keptIn(states))
                .to(Json.replacing(output.resolve("means.jsonl"), Mean.class)));

        mustNotStart(Pipeline.named("from-kafka")
                .from(Kafka.at(NOWHERE).source("readings", JsonSerde.of(Reading.class)))
                .to(Json.appending(output.resolve("readings.jsonl"), Reading.class)));
        mustNotStart(Pipeline.named("to-cassandra")
                .from(Csv.source(Path.of("input/readings.csv"), Reading.class))
                .to(Cassandra.at(NOWHERE).sink("service.readings", Reading.class)));

        for (Class<?> each : new Class<?>[] {Modules.class, Pipeline.class, Csv.class, Kafka.class, Cassandra.class}) {
            System.out.println(each.getSimpleName() + " is in " + each.getModule());
        }
    }

    private static void run(Pipeline pipeline) throws InterruptedException {
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }
    }

    private static void mustNotStart(Pipeline pipeline) {
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            throw new AssertionError("it has started without a server");
        } catch (PipelineFailedException expected) {
            System.out.println("as expected: " + expected.getMessage());
        }
    }
}
