package dev.millrace.cassandra;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Where the write timestamps of rows come from, in microseconds since 1970-01-01T00:00Z. */
final class WriteTimestamps {

    private WriteTimestamps() {}

    /** The engine's; where a caller outside the engine gave none, the time of the call, ascending. */
    static <T> ToLongFunction<PipelineRecord<T>> ofRecords() {
        AtomicLong last = new AtomicLong();
        return record -> record.writeTimestamp() != 0
                ? record.writeTimestamp()
                : last.updateAndGet(before -> Math.max(before + 1, micros(Instant.now())));
    }

    static <T> ToLongFunction<PipelineRecord<T>> of(Function<? super T, Instant> writtenAt) {
        return record -> {
            Instant instant = writtenAt.apply(record.value());
            if (instant == null) {
                throw new RefusedRecordException("writtenAt must return a time, got null");
            }
            return micros(instant);
        };
    }

    static long micros(Instant instant) {
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
        } catch (ArithmeticException e) {
            // Without the time, which is the record's.
            throw new RefusedRecordException("writtenAt must lie within 292,000 years of 1970", e);
        }
    }
}
