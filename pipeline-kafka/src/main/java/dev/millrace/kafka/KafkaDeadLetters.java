package dev.millrace.kafka;

import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps dead letters in a Kafka topic, which must exist.
 *
 * <p><b>A record read from Kafka</b> is kept byte for byte: key, value (also an absent one) and all headers. Of other
 * sources, text and bytes are kept as they are; for anything else {@link #serializing} is needed, and without it such a
 * dead letter cannot be stored, which ends the pipeline.
 *
 * <p><b>Headers</b> say why, under the names that Kafka Connect uses, each with the prefix {@code __connect.errors.}:
 * {@code topic}, {@code partition}, {@code offset}, {@code connector.name} (the pipeline), {@code stage},
 * {@code class.name}, {@code exception.class.name}, {@code exception.message}, {@code exception.stacktrace}; and with
 * the prefix {@code millrace.}: {@code position}, {@code stage}, {@code attempts}, {@code failed-at} and
 * {@code timestamp}, the record's own, if it has one (both ISO). All together they come to at most 8 KiB, what is
 * longer being cut off. Headers of these names from an earlier failure, and all others with Kafka Connect's prefix, are
 * replaced, so that they do not pile up.
 *
 * <p><b>Timestamp.</b> A letter has the time at which it is stored as its own, so that the topic's retention begins
 * with it: with that of an old record it would be gone within minutes.
 *
 * <p><b>No payload in headers.</b> The message is kept where it is this library's own, which never quotes a record;
 * exceptions of other origin often do, so that of them only classes and stack frames are kept, unless
 * {@link #withCauseText}.
 *
 * <p><b>If a dead letter cannot be stored</b>, the record it is of is never passed over: a broker that is gone is
 * waited for; a topic that has been deleted, which is noticed within half a minute, a right that is missing, or a
 * record that the topic cannot take, ends the pipeline in FAILED with that cause, and a restart begins with that
 * record. See {@link #headersOnlyWhereTooLarge}.
 *
 * <p>{@link Kafka#redrive} puts dead letters back to where they came from.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 */
public final class KafkaDeadLetters implements Sink<DeadLetter> {

    private static final int LARGEST_KEPT_KEY = 1 << 10;
    private static final byte[] NOTHING = {};

    private final ClientProperties cluster;
    private final String topic;
    private final @Nullable Serializer<Object> serializer;
    private final boolean causeText;
    private final boolean shortening;

    private KafkaDeadLetters(
            ClientProperties cluster,
            String topic,
            @Nullable Serializer<Object> serializer,
            boolean causeText,
            boolean shortening) {
        this.cluster = cluster;
        this.topic = topic;
        this.serializer = serializer;
        this.causeText = causeText;
        this.shortening = shortening;
    }

    static KafkaDeadLetters of(ClientProperties cluster, String topic) {
        if (topic.isBlank()) {
            throw new IllegalArgumentException("topic must not be blank");
        }
        return new KafkaDeadLetters(cluster, topic, null, false, false);
    }

    /** With the message of the exception, whoever made it, at most 1 KiB of it. It may quote the record. */
    public KafkaDeadLetters withCauseText() {
        return new KafkaDeadLetters(cluster, topic, serializer, true, shortening);
    }

    /**
     * Where a record is too large for the dead-letter topic, keeps its headers only: those that say why, and the key if
     * it has at most 1 KiB, with an empty value and {@code millrace.omitted} saying how many bytes are left out. The
     * record itself can then be found by its offset for as long as its topic holds it; a {@linkplain Kafka#redrive
     * re-drive} leaves such a letter where it is. By default a record that is too large ends the pipeline.
     */
    public KafkaDeadLetters headersOnlyWhereTooLarge() {
        return new KafkaDeadLetters(cluster, topic, serializer, causeText, true);
    }

    /**
     * With a serializer for values and keys that are neither text nor bytes, such as the rows of a file; for those that
     * Jackson can write, {@code serializing(JsonSerde.of(Object.class).serializer())}. It is called by one thread at a
     * time. Where it throws, the letter cannot be stored, which ends the pipeline in FAILED.
     */
    public KafkaDeadLetters serializing(Serializer<Object> serializer) {
        return new KafkaDeadLetters(
                cluster, topic, Objects.requireNonNull(serializer, "serializer"), causeText, shortening);
    }

    @Override
    public SinkWriter<DeadLetter> open(StageContext context) throws Exception {
        return KafkaWriter.open(
                cluster,
                List.of(topic),
                new RecordEncoder<>() {
                    @Override
                    public ProducerRecord<byte[], byte[]> encode(PipelineRecord<DeadLetter> record) {
                        return KafkaDeadLetters.this.encode(record.value());
                    }

                    @Override
                    public @Nullable ProducerRecord<byte[], byte[]> shortened(PipelineRecord<DeadLetter> record) {
                        return shortening ? withoutValue(record.value()) : null;
                    }
                },
                context);
    }

    private ProducerRecord<byte[], byte[]> withoutValue(DeadLetter letter) {
        ProducerRecord<byte[], byte[]> whole = encode(letter);
        RecordHeaders headers = new RecordHeaders();
        DeadLetterHeaders.add(headers, letter, causeText);
        DeadLetterHeaders.addOmitted(headers, RecordSize.upperBound(whole));
        byte[] key = whole.key() != null && whole.key().length <= LARGEST_KEPT_KEY ? whole.key() : null;
        // Not null, which would be a deletion where the topic is compacted.
        return new ProducerRecord<>(topic, null, key, NOTHING, headers);
    }

    ProducerRecord<byte[], byte[]> encode(DeadLetter letter) {
        PipelineRecord<?> original = letter.original();
        if (original.value() instanceof ConsumerRecord<?, ?> record) {
            return encode(letter, record.headers(), record.key(), record.value());
        }
        return encode(letter, RecordHeaderList.toKafka(original.headers()), original.key(), original.value());
    }

    private ProducerRecord<byte[], byte[]> encode(
            DeadLetter letter, Headers own, @Nullable Object key, @Nullable Object value) {
        RecordHeaders headers = DeadLetterHeaders.without(own);
        DeadLetterHeaders.add(headers, letter, causeText);
        return new ProducerRecord<>(topic, null, bytes(key, "key"), bytes(value, "value"), headers);
    }

    private byte @Nullable [] bytes(@Nullable Object object, String what) {
        boolean plain = object == null || object instanceof byte[] || object instanceof CharSequence;
        return plain || serializer == null
                ? Bytes.of(object, what + " of a dead letter")
                : serializer.serialize(topic, object);
    }

    @Override
    public String describe() {
        return "Kafka topic " + topic;
    }

    @Override
    public String toString() {
        return "KafkaDeadLetters[" + topic + "]";
    }
}
