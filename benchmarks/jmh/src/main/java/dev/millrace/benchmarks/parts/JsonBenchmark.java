package dev.millrace.benchmarks.parts;

import dev.millrace.benchmarks.workload.EnrichedRating;
import dev.millrace.benchmarks.workload.Job;
import dev.millrace.benchmarks.workload.Rating;
import dev.millrace.kafka.JsonSerde;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Our JSON format beside Jackson with nothing around it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JsonBenchmark {

    private static final String TOPIC = "ratings";

    private final byte[] json =
            "{\"user\": \"User 1234\", \"movie\": \"Golden River of Time\", \"rating\": 7, \"timestamp\": \"2025-03-25T09:53:42.472256\"}"
                    .getBytes(StandardCharsets.UTF_8);
    private final Job job = new Job();
    private final EnrichedRating row = job.row(json);
    private final Deserializer<Rating> reader = JsonSerde.of(Rating.class).deserializer();
    private final Serializer<EnrichedRating> writer =
            JsonSerde.of(EnrichedRating.class).serializer();

    /** Reads a rating: strictly, within limits. */
    @Benchmark
    public Rating readMillrace() {
        return reader.deserialize(TOPIC, json);
    }

    /** Reads a rating. */
    @Benchmark
    public Rating readJackson() {
        return job.rating(json);
    }

    /** Writes a row of ten columns. */
    @Benchmark
    public byte[] writeMillrace() {
        return writer.serialize(TOPIC, row);
    }

    /** Writes a row of ten columns. */
    @Benchmark
    public byte[] writeJackson() {
        return job.json(row);
    }
}
