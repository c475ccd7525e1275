package dev.millrace.benchmarks.bench;

import java.util.Arrays;
import java.util.Optional;

/** The parts of the page, in its order. */
enum Chapter {
    NO_SINK("No sink: rows are counted"),
    KAFKA("To a Kafka topic, as JSON"),
    CASSANDRA("To a Cassandra table"),
    START("Start"),
    WINDOW("Requests under way to Cassandra"),
    LATENCY("Latency from Kafka to Cassandra"),
    KEYED("Work on many keys at once"),
    GROWTH("Growth"),
    PARTS("Parts");

    /** By which a later run finds it. */
    final String heading;

    Chapter(String heading) {
        this.heading = heading;
    }

    static Optional<Chapter> of(String heading) {
        return Arrays.stream(values())
                .filter(chapter -> chapter.heading.equals(heading))
                .findFirst();
    }
}
