package dev.millrace.examples.activity;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.files.Json;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.kafka.StartPosition;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.spi.Sink;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;

/** The jobs: from the file to Kafka, and from there a look at the messages, and their questions as rows. */
final class ActivityPipelines {

    private ActivityPipelines() {}

    /** All attempts but the last, so many in a message. */
    static Pipeline publish(Path file, long last, int chunk, Kafka kafka) {
        // docs:begin
        return Pipeline.named("activity-publish")
                .from(Json.array(file).decodedBy(attempt -> attempt.offset() < last ? attempt.value() : null))
                .batch(chunk)
                .to(kafka.sink("video-books-assessments", JsonSerde.of(new TypeReference<List<JsonNode>>() {})));
        // docs:end
    }

    /** The last attempt by itself. */
    static Pipeline publishLast(Path file, long last, Kafka kafka) {
        // docs:begin
        return Pipeline.named("activity-publish-last")
                .from(Json.array(file).decodedBy(attempt -> attempt.offset() == last ? attempt.value() : null))
                .to(kafka.sink("video-books-assessments", JsonSerde.tree()));
        // docs:end
    }

    static Pipeline preview(Kafka kafka, PrintStream console) {
        // docs:begin
        return Pipeline.named("activity-preview")
                .from(kafka.source("video-books-assessments", Serdes.String())
                        .keys(Serdes.String())
                        .untilEnd()
                        .decodedBy(RawMessage::of))
                .to(Sinks.table(console));
        // docs:end
    }

    static Pipeline unpack(Kafka kafka, StartPosition start, ExamCounts exams, Sink<? super QuestionRow> rows) {
        // docs:begin
        return Pipeline.named("activity-unpack")
                .from(kafka.source("video-books-assessments", JsonSerde.of(Attempts.class))
                        .from(start)
                        .untilEnd())
                .flatMap(Attempts::all)
                .alsoTo(Sinks.forEach(exams::add))
                .flatMap(QuestionRow::allOf)
                .to(rows);
        // docs:end
    }
}
