package dev.millrace.pipeline.record;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value on its way through a pipeline, with what surrounds it. Sources make records, sinks and {@code peek} see them;
 * the functions in between see plain values.
 *
 * <p>Immutable and thread-safe as far as key and value are.
 *
 * @param <T> type of the value
 */
public final class PipelineRecord<T> {

    private static final long NO_TIMESTAMP = Long.MIN_VALUE;

    private final @Nullable Object key;
    private final T value;
    private final long timestamp;
    private final Headers headers;
    private final String partition;
    private final long offset;
    private final int sizeInBytes;
    private final long writeTimestamp;

    private PipelineRecord(
            @Nullable Object key,
            T value,
            long timestamp,
            Headers headers,
            String partition,
            long offset,
            int sizeInBytes,
            long writeTimestamp) {
        this.key = key;
        this.value = value;
        this.timestamp = timestamp;
        this.headers = headers;
        this.partition = partition;
        this.offset = offset;
        this.sizeInBytes = sizeInBytes;
        this.writeTimestamp = writeTimestamp;
    }

    /** A record without key, timestamp or headers. */
    public static <T> PipelineRecord<T> of(T value, SourcePosition position) {
        return of(value, position.partition(), position.offset());
    }

    /** A record without key, timestamp or headers, at an offset of zero or more. */
    public static <T> PipelineRecord<T> of(T value, String partition, long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative, got " + offset);
        }
        return new PipelineRecord<>(
                null,
                Objects.requireNonNull(value, "value"),
                NO_TIMESTAMP,
                Headers.none(),
                Objects.requireNonNull(partition, "partition"),
                offset,
                0,
                0);
    }

    /**
     * The record that a list of values is to {@code peek} and to sinks, made of the records that they come from: at the
     * position of the first one, with the newest of their timestamps and their size, without key and headers; the
     * engine's to call.
     */
    public static <T> PipelineRecord<List<T>> ofList(List<T> values, List<? extends PipelineRecord<?>> records) {
        PipelineRecord<?> first = records.get(0);
        long newest = NO_TIMESTAMP;
        long bytes = 0;
        for (PipelineRecord<?> record : records) {
            newest = Math.max(newest, record.timestamp);
            bytes += record.sizeInBytes;
        }
        return of(values, first.partition, first.offset).withTimestamp(newest).withSize((int)
                Math.min(bytes, Integer.MAX_VALUE));
    }

    /** This record with a key; {@code null} for none. Byte arrays count as equal by content. */
    public PipelineRecord<T> withKey(@Nullable Object key) {
        return new PipelineRecord<>(key, value, timestamp, headers, partition, offset, sizeInBytes, writeTimestamp);
    }

    /** This record with another value, all else the same. */
    public <R> PipelineRecord<R> withValue(R value) {
        return new PipelineRecord<>(
                key,
                Objects.requireNonNull(value, "value"),
                timestamp,
                headers,
                partition,
                offset,
                sizeInBytes,
                writeTimestamp);
    }

    /** This record with an event time in milliseconds since 1970-01-01T00:00Z. */
    public PipelineRecord<T> withTimestamp(long epochMillis) {
        return new PipelineRecord<>(key, value, epochMillis, headers, partition, offset, sizeInBytes, writeTimestamp);
    }

    /** This record with other headers. */
    public PipelineRecord<T> withHeaders(Headers headers) {
        return new PipelineRecord<>(key, value, timestamp, headers, partition, offset, sizeInBytes, writeTimestamp);
    }

    /** This record with its size in bytes, by which the engine bounds what is in flight. */
    public PipelineRecord<T> withSize(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must not be negative, got " + bytes);
        }
        return new PipelineRecord<>(key, value, timestamp, headers, partition, offset, bytes, writeTimestamp);
    }

    /** The record that a sink sees; the engine's to call. */
    public <R> PipelineRecord<R> forSink(@Nullable Object key, R value, long writeTimestamp) {
        return new PipelineRecord<>(key, value, timestamp, headers, partition, offset, sizeInBytes, writeTimestamp);
    }

    /** The key, if there is one. */
    public @Nullable Object key() {
        return key;
    }

    /** The value, never {@code null}. */
    public T value() {
        return value;
    }

    /** The event time that the source gave, to the millisecond. */
    public Optional<Instant> timestamp() {
        return timestamp == NO_TIMESTAMP ? Optional.empty() : Optional.of(Instant.ofEpochMilli(timestamp));
    }

    /** The headers that the source gave. */
    public Headers headers() {
        return headers;
    }

    /** Where the source holds the record. */
    public SourcePosition position() {
        return new SourcePosition(partition, offset);
    }

    /** The partition's name; as {@link #position()}, without making an object. */
    public String partition() {
        return partition;
    }

    /** The offset; as {@link #position()}, without making an object. */
    public long offset() {
        return offset;
    }

    /** The size in bytes that the source gave, or 0 where it gave none. */
    public int sizeInBytes() {
        return sizeInBytes;
    }

    /**
     * When this record first reached a sink, in microseconds since 1970-01-01T00:00Z: strictly ascending among the
     * records that a worker brings to it, the same in each attempt, unmoved by a jump of the wall clock. 0 before a
     * sink. Meant as the version of a last-write-wins store.
     */
    public long writeTimestamp() {
        return writeTimestamp;
    }

    /** The position only: key, value and headers are payload. */
    @Override
    public String toString() {
        return "PipelineRecord[" + partition + "@" + offset + "]";
    }
}
