package dev.millrace.kafka;

import dev.millrace.pipeline.record.PipelineRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes of a record what is sent. One thread at a time calls it. */
@FunctionalInterface
interface RecordEncoder<T> {

    ProducerRecord<byte[], byte[]> encode(PipelineRecord<T> record);
}
