package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

class WriteTimestampsTest {

    private static final PipelineRecord<String> RECORD = PipelineRecord.of("value", "p", 0);

    @Test
    void shouldTakeTheEnginesWhenThereIsOne() {
        assertThat(WriteTimestamps.<String>ofRecords().applyAsLong(RECORD.forSink(null, "value", 42)))
                .isEqualTo(42);
    }

    @Test
    void shouldAscendWhenTheEngineGaveNone() {
        ToLongFunction<PipelineRecord<String>> timestamps = WriteTimestamps.ofRecords();
        long before = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

        long last = before - 1;
        for (int i = 0; i < 10_000; i++) {
            long next = timestamps.applyAsLong(RECORD);
            assertThat(next).isGreaterThan(last);
            last = next;
        }
        long after = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        assertThat(last).isLessThan(Math.max(before, after) + 10_000);
    }

    @Test
    void shouldBeMicrosecondsWhenTakenFromTheRecord() {
        Instant instant = Instant.parse("2025-03-25T09:53:42.472256789Z");

        assertThat(WriteTimestamps.<String>of(value -> instant).applyAsLong(RECORD))
                .isEqualTo(1_742_896_422_472_256L);
        assertThat(WriteTimestamps.<String>of(value -> Instant.EPOCH.minusMillis(1))
                        .applyAsLong(RECORD))
                .isEqualTo(-1_000);
    }

    @Test
    void shouldRefuseTheRecordWhenItHasNoTime() {
        assertThatThrownBy(() -> WriteTimestamps.<String>of(value -> null).applyAsLong(RECORD))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage("writtenAt must return a time, got null");
        assertThatThrownBy(
                        () -> WriteTimestamps.<String>of(value -> Instant.MAX).applyAsLong(RECORD))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage("writtenAt must lie within 292,000 years of 1970");
    }
}
