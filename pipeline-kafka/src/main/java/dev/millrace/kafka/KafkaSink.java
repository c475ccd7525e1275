package dev.millrace.kafka;

import dev.millrace.pipeline.record.Headers;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records to a Kafka topic.
 *
 * <p><b>What is written.</b> The value by the serializer; the key of {@link #keyedBy}, or else the record's own if that
 * is text, bytes or absent; the record's own headers unless {@link #headers} makes others; the record's own timestamp,
 * or the time of writing if it has none.
 *
 * <p><b>Promise.</b> A record counts as written once all replicas in sync have it. Retries write nothing twice and keep
 * the order, for as long as the pipeline runs; a restart may write again what was in flight. A cluster that is gone is
 * waited for, and so is one that no longer takes the password. A record that the topic can never take, being too large
 * or malformed, fails alone.
 *
 * <p><b>Where the sink's own topic is deleted, or the right to write it withdrawn,</b> no record is to blame, and the
 * pipeline ends in FAILED whatever the failure policy; one that a record has chosen by {@link #topic} fails that record
 * alone. A deletion is noticed within half a minute while records are under way; a topic made again under its name
 * before that takes them.
 *
 * <p><b>Starting</b> fails with one line if no broker is reachable within 10 s or if the topic does not exist.
 *
 * <p>Functions given here are called by one thread at a time; a record on which one throws has failed. Immutable and
 * thread-safe; each method returns a changed copy.
 *
 * @param <T> type of the values
 */
public final class KafkaSink<T> implements Sink<T> {

    private final ClientProperties cluster;
    private final String topic;
    private final Serializer<T> values;
    private final Function<PipelineRecord<T>, byte @Nullable []> keys;
    private final Function<PipelineRecord<T>, Headers> headers;
    private final Function<? super T, @Nullable String> topics;

    private KafkaSink(
            ClientProperties cluster,
            String topic,
            Serializer<T> values,
            Function<PipelineRecord<T>, byte @Nullable []> keys,
            Function<PipelineRecord<T>, Headers> headers,
            Function<? super T, @Nullable String> topics) {
        this.cluster = cluster;
        this.topic = topic;
        this.values = values;
        this.keys = keys;
        this.headers = headers;
        this.topics = topics;
    }

    static <T> KafkaSink<T> of(ClientProperties cluster, String topic, Serializer<T> values) {
        if (topic.isBlank()) {
            throw new IllegalArgumentException("topic must not be blank");
        }
        return new KafkaSink<>(
                cluster,
                topic,
                Objects.requireNonNull(values, "values"),
                record -> Bytes.of(record.key(), "key"),
                PipelineRecord::headers,
                value -> null);
    }

    /** With keys made of the value: text, written as UTF-8, or bytes, or {@code null} for none. */
    public KafkaSink<T> keyedBy(Function<? super T, ? extends @Nullable Object> key) {
        Objects.requireNonNull(key, "key");
        return keys(record -> Bytes.of(key.apply(record.value()), "key"));
    }

    /** With keys of any type made of the value, and a serializer for them. */
    public <K> KafkaSink<T> keyedBy(Function<? super T, ? extends @Nullable K> key, Serializer<K> serializer) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(serializer, "serializer");
        return keys(record -> serializer.serialize(topic, key.apply(record.value())));
    }

    /** With these headers rather than the record's own. */
    public KafkaSink<T> headers(Function<PipelineRecord<T>, Headers> headers) {
        return new KafkaSink<>(cluster, topic, values, keys, Objects.requireNonNull(headers, "headers"), topics);
    }

    /**
     * With a topic for each value, or this sink's own where the function gives {@code null}. A record for a topic that
     * does not exist is refused; one that is made later is found within seconds.
     */
    public KafkaSink<T> topic(Function<? super T, @Nullable String> topic) {
        return new KafkaSink<>(cluster, this.topic, values, keys, headers, Objects.requireNonNull(topic, "topic"));
    }

    private KafkaSink<T> keys(Function<PipelineRecord<T>, byte @Nullable []> keys) {
        return new KafkaSink<>(cluster, topic, values, keys, headers, topics);
    }

    @Override
    public SinkWriter<T> open(StageContext context) throws Exception {
        return KafkaWriter.open(cluster, List.of(topic), this::encode, context);
    }

    private ProducerRecord<byte[], byte[]> encode(PipelineRecord<T> record) {
        String chosen = topics.apply(record.value());
        String target = chosen == null ? topic : chosen;
        RecordHeaders list = RecordHeaderList.toKafka(headers.apply(record));
        // A serializer may add headers of its own.
        byte[] value = values.serialize(target, list, record.value());
        Long timestamp = record.timestamp().map(time -> time.toEpochMilli()).orElse(null);
        return new ProducerRecord<>(target, null, timestamp, keys.apply(record), value, list);
    }

    @Override
    public String describe() {
        return "Kafka topic " + topic;
    }

    @Override
    public String toString() {
        return "KafkaSink[" + topic + "]";
    }
}
