package dev.millrace.benchmarks.bench;

import dev.millrace.benchmarks.workload.Task.SinkKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Somebody who does the job.
 *
 * @param title as the tables have it
 * @param program its code
 * @param variant how it is to be done, where it has several ways
 * @param sinks for which it is of interest
 */
record Contender(String title, Program program, String variant, Set<SinkKind> sinks) {

    private static final Set<SinkKind> ALL = EnumSet.allOf(SinkKind.class);

    /** Ours is the first. */
    static final List<Contender> CONTENDERS = List.of(
            new Contender("Millrace", Program.of("millrace", "millrace.Main"), "", ALL),
            byHand("one-thread", "by hand, one thread", ALL),
            byHand("two-consumers", "by hand, two consumers", Set.of(SinkKind.NONE)),
            byHand("large-batches", "by hand, batches of 64 KiB", Set.of(SinkKind.KAFKA)),
            byHand("grouped", "by hand, rows grouped by partition", Set.of(SinkKind.CASSANDRA)),
            new Contender("Kafka Streams, two threads", Program.of("kafka-streams", "streams.Main"), "", ALL),
            new Contender(
                    "Spring Kafka, batch listener, two threads", Program.of("spring-kafka", "spring.Main"), "", ALL),
            new Contender("Pekko Streams", Program.of("pekko", "pekko.Main"), "", ALL),
            new Contender(
                    "parallel-consumer, KEY, 64 threads", Program.of("parallel-consumer", "parallel.Main"), "", ALL));

    static Contender byHand(String variant, String title, Set<SinkKind> sinks) {
        return new Contender(title, Program.of("hand-written", "handwritten.Main"), variant, sinks);
    }

    /** Those of interest for a sink. */
    static List<Contender> of(SinkKind sink) {
        return CONTENDERS.stream()
                .filter(contender -> contender.sinks().contains(sink))
                .toList();
    }

    /** Whether the rates of others are told as multiples of its own. */
    boolean isReference() {
        return variant.equals("one-thread");
    }

    /** Whether it can tell when each record was done. */
    boolean isTimed() {
        return isMillrace() || program.module().equals("hand-written");
    }

    boolean isMillrace() {
        return program.module().equals("millrace");
    }

    @Override
    public String toString() {
        return title;
    }
}
