package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Task.SinkKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Somebody who does the job.
 *
 * @param title as the tables have it
 * @param module the directory of its code
 * @param main its main class
 * @param variant how it is to be done, where it has several ways
 * @param sinks for which it is of interest
 */
record Contender(String title, String module, String main, String variant, Set<SinkKind> sinks) {

    private static final String PACKAGE = "dev.millrace.benchmarks.";
    private static final Set<SinkKind> ALL = EnumSet.allOf(SinkKind.class);

    /** Ours is the first. */
    static final List<Contender> CONTENDERS = List.of(
            new Contender("Millrace", "millrace", PACKAGE + "millrace.Main", "", ALL),
            byHand("one-thread", "by hand, one thread", ALL),
            byHand("two-consumers", "by hand, two consumers", Set.of(SinkKind.NONE)),
            byHand("large-batches", "by hand, batches of 64 KiB", Set.of(SinkKind.KAFKA)),
            byHand("grouped", "by hand, rows grouped by partition", Set.of(SinkKind.CASSANDRA)),
            new Contender("Kafka Streams, two threads", "kafka-streams", PACKAGE + "streams.Main", "", ALL),
            new Contender(
                    "Spring Kafka, batch listener, two threads", "spring-kafka", PACKAGE + "spring.Main", "", ALL),
            new Contender("Pekko Streams", "pekko", PACKAGE + "pekko.Main", "", ALL),
            new Contender(
                    "parallel-consumer, KEY, 64 threads", "parallel-consumer", PACKAGE + "parallel.Main", "", ALL));

    private static Contender byHand(String variant, String title, Set<SinkKind> sinks) {
        return new Contender(title, "hand-written", PACKAGE + "handwritten.Main", variant, sinks);
    }

    /** Whether the rates of others are told as multiples of its own. */
    boolean isReference() {
        return variant.equals("one-thread");
    }

    @Override
    public String toString() {
        return title;
    }
}
