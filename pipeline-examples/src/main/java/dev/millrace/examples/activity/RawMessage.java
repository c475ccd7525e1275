package dev.millrace.examples.activity;

import dev.millrace.pipeline.record.PipelineRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A message as Kafka has it, for people to look at: of its value no more than the beginning. */
record RawMessage(
        @Nullable Object key,
        String value,
        String topic,
        int partition,
        long offset,
        @Nullable Instant timestamp) {

    private static final int SHOWN = 40;

    static RawMessage of(PipelineRecord<String> record) {
        String value = record.value();
        String partition = record.partition();
        int dash = partition.lastIndexOf('-');
        return new RawMessage(
                record.key(),
                beginning(value),
                partition.substring(0, dash),
                Integer.parseInt(partition.substring(dash + 1)),
                record.offset(),
                record.timestamp().orElse(null));
    }

    /** Characters beyond the first plane are two of Java's, and not to be parted. */
    private static String beginning(String value) {
        return value.codePointCount(0, value.length()) > SHOWN
                ? value.substring(0, value.offsetByCodePoints(0, SHOWN)) + "…"
                : value;
    }
}
