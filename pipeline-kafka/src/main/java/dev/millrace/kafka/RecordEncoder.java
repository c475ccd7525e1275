package dev.millrace.kafka;

import dev.millrace.pipeline.record.PipelineRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Makes of a record what is sent. One thread at a time calls it. */
@FunctionalInterface
interface RecordEncoder<T> {

    ProducerRecord<byte[], byte[]> encode(PipelineRecord<T> record);

    /** What to send instead of a record that is too large for its topic; {@code null} for nothing. */
    default @Nullable ProducerRecord<byte[], byte[]> shortened(PipelineRecord<T> record) {
        return null;
    }
}
