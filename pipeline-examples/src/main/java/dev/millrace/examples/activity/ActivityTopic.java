package dev.millrace.examples.activity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.examples.ExampleException;
import dev.millrace.examples.Servers;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Preview;
import dev.millrace.pipeline.Sinks;
import java.util.Map;
import java.util.stream.Stream;

/** The topic of the example, whose messages are larger than Kafka's own limits have it. */
final class ActivityTopic {

    static final String NAME = "video-books-assessments";
    static final int MAX_MESSAGE_BYTES = 5_242_880;

    private ActivityTopic() {}

    /** One partition, so that there is one offset to read on from. */
    static void create(Servers servers) throws Exception {
        servers.createTopic(NAME, 1, Map.of("max.message.bytes", String.valueOf(MAX_MESSAGE_BYTES)));
        servers.endOf(NAME); // one that exists and has more partitions is refused now, and not when half is done
    }

    /** What the topic takes, the producer sends, and the consumer fetches. */
    static Kafka with(Kafka kafka) {
        return kafka.with("max.request.size", MAX_MESSAGE_BYTES).with("max.partition.fetch.bytes", MAX_MESSAGE_BYTES);
    }

    /**
     * What the first message looks like.
     *
     * @throws ExampleException if it is no JSON
     */
    static JsonShape shape(Kafka kafka) {
        Preview preview = Pipeline.named("activity-schema")
                .from(kafka.source(NAME, JsonSerde.tree()))
                .to(Sinks.discard())
                .preview(1);
        return preview.records().stream()
                .flatMap(record -> record.at("to").stream())
                .flatMap(outcome -> outcome instanceof Preview.Made made ? Stream.of(made.value()) : Stream.empty())
                .map(message -> JsonShape.of((JsonNode) message))
                .findFirst()
                .orElseThrow(() -> new ExampleException("the first message of '" + NAME + "' is no JSON"));
    }
}
