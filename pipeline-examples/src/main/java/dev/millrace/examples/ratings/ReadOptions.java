package dev.millrace.examples.ratings;

import dev.millrace.kafka.Kafka;
import dev.millrace.kafka.KafkaSource;
import dev.millrace.kafka.StartPosition;
import picocli.CommandLine.Option;

/** From where a topic is read, and what is to happen where records are gone before they were read. */
final class ReadOptions {

    enum Start {
        EARLIEST,
        LATEST
    }

    @Option(
            names = "--start",
            paramLabel = "WHERE",
            description = "Where to begin: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    Start start = Start.EARLIEST;

    @Option(
            names = "--tolerate-loss",
            description = "Go on where records are gone that were not read, instead of ending with an error.")
    boolean isLossTolerated;

    StartPosition start() {
        return start == Start.EARLIEST ? StartPosition.earliest() : StartPosition.latest();
    }

    <T> KafkaSource<T> applyTo(KafkaSource<T> source) {
        KafkaSource<T> started = source.from(start());
        return isLossTolerated ? started.continueOnDataLoss() : started;
    }

    ReadKafka on(Kafka kafka) {
        return new ReadKafka(kafka, this);
    }
}
