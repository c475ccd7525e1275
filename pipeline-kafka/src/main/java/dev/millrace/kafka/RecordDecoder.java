package dev.millrace.kafka;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Decoder;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the deserializers, in the workers.
 *
 * <p>Kafka promises a deserializer one thread at a time. One that is not known to bear more is guarded by a lock: it
 * makes decoding as fast as a single worker at most, which a format that is slow to read will show.
 */
final class RecordDecoder<T> implements Decoder<ConsumerRecord<byte[], byte[]>, T> {

    private static final String KAFKAS_OWN =
            Deserializer.class.getPackageName(); // None of them keeps state between records.

    private final Deserializer<T> values;
    private final @Nullable Deserializer<?> keys;
    private final boolean skippingTombstones;
    private final boolean concurrent;
    private final @Nullable ReentrantLock valuesLock;
    private final @Nullable ReentrantLock keysLock;

    private RecordDecoder(
            Deserializer<T> values, @Nullable Deserializer<?> keys, boolean skippingTombstones, boolean concurrent) {
        this.values = values;
        this.keys = keys;
        this.skippingTombstones = skippingTombstones;
        this.concurrent = concurrent;
        this.valuesLock = concurrent || isShared(values) ? null : new ReentrantLock();
        this.keysLock = concurrent || keys == null || isShared(keys) ? null : new ReentrantLock();
    }

    static <T> RecordDecoder<T> of(Deserializer<T> values) {
        return new RecordDecoder<>(Objects.requireNonNull(values, "values"), null, false, false);
    }

    RecordDecoder<T> keys(Deserializer<?> keys) {
        return new RecordDecoder<>(values, Objects.requireNonNull(keys, "keys"), skippingTombstones, concurrent);
    }

    RecordDecoder<T> skippingTombstones() {
        return new RecordDecoder<>(values, keys, true, concurrent);
    }

    RecordDecoder<T> concurrent() {
        return new RecordDecoder<>(values, keys, skippingTombstones, true);
    }

    @Override
    public @Nullable T decode(PipelineRecord<ConsumerRecord<byte[], byte[]>> raw) {
        ConsumerRecord<byte[], byte[]> record = raw.value();
        byte[] bytes = record.value();
        if (bytes == null) {
            if (skippingTombstones) {
                return null;
            }
            throw new RefusedRecordException("the record has no value (a tombstone)");
        }
        T value = read(values, valuesLock, record, bytes);
        if (value == null) {
            throw new RefusedRecordException(
                    values.getClass().getName() + " made no value of " + bytes.length + " bytes");
        }
        return value;
    }

    @Override
    public @Nullable Object decodeKey(PipelineRecord<ConsumerRecord<byte[], byte[]>> raw) {
        ConsumerRecord<byte[], byte[]> record = raw.value();
        byte[] bytes = record.key();
        return keys == null || bytes == null ? bytes : read(keys, keysLock, record, bytes);
    }

    private static <V> @Nullable V read(
            Deserializer<V> deserializer,
            @Nullable ReentrantLock lock,
            ConsumerRecord<byte[], byte[]> record,
            byte[] bytes) {
        if (lock != null) {
            lock.lock();
        }
        try {
            return deserializer.deserialize(record.topic(), record.headers(), bytes);
        } catch (RetriableException away) {
            throw new UnavailableException(
                    deserializer.getClass().getName() + " cannot reach what it needs: "
                            + away.getClass().getSimpleName(),
                    away);
        } finally {
            if (lock != null) {
                lock.unlock();
            }
        }
    }

    private static boolean isShared(Deserializer<?> deserializer) {
        return deserializer instanceof SharedDeserializer
                || deserializer.getClass().getPackageName().equals(KAFKAS_OWN);
    }
}
