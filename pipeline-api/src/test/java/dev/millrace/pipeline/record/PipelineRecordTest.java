package dev.millrace.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PipelineRecordTest {

    private static final PipelineRecord<String> RECORD = PipelineRecord.of("secret", SourcePosition.of("p-1", 7))
            .withKey("key")
            .withTimestamp(1_000)
            .withHeaders(Headers.none().with("h", "x"))
            .withSize(42);

    @Test
    void shouldHaveNothingButAValueAndAPlaceAtFirst() {
        PipelineRecord<String> record = PipelineRecord.of("a", "p", 0);

        assertThat(record.key()).isNull();
        assertThat(record.timestamp()).isEmpty();
        assertThat(record.headers()).isEqualTo(Headers.none());
        assertThat(record.sizeInBytes()).isZero();
        assertThat(record.writeTimestamp()).isZero();
        assertThat(record.position()).isEqualTo(SourcePosition.of("p", 0));
    }

    @Test
    void shouldKeepAllElseWhenTheValueChanges() {
        PipelineRecord<Integer> changed = RECORD.withValue(5);

        assertThat(changed.value()).isEqualTo(5);
        assertThat(changed.key()).isEqualTo("key");
        assertThat(changed.timestamp()).contains(Instant.ofEpochSecond(1));
        assertThat(changed.headers().lastText("h")).contains("x");
        assertThat(changed.sizeInBytes()).isEqualTo(42);
        assertThat(changed.position()).isEqualTo(RECORD.position());
        assertThat(RECORD.value()).isEqualTo("secret");
    }

    @Test
    void shouldTakeTimesBeforeTheEpoch() {
        assertThat(RECORD.withTimestamp(-1).timestamp()).contains(Instant.ofEpochMilli(-1));
    }

    @Test
    void shouldShowItsPlaceButNoPayload() {
        assertThat(RECORD).hasToString("PipelineRecord[p-1@7]");
    }

    @Test
    void shouldSayWhatIsWrongWithBadValues() {
        assertThatThrownBy(() -> PipelineRecord.of("a", "p", -1)).hasMessage("offset must not be negative, got -1");
        assertThatThrownBy(() -> SourcePosition.of("p", -1)).hasMessage("offset must not be negative, got -1");
        assertThatThrownBy(() -> PipelineRecord.of(null, "p", 0)).hasMessage("value");
        assertThatThrownBy(() -> RECORD.withValue(null)).hasMessage("value");
        assertThatThrownBy(() -> RECORD.withSize(-1)).hasMessage("bytes must not be negative, got -1");
    }
}
