package dev.millrace.pipeline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchPolicyTest {

    @Test
    void shouldHaveTheDefaultsItDocuments() {
        assertThat(BatchPolicy.whatWaits()).isEqualTo(BatchPolicy.upTo(1_000));
        assertThat(BatchPolicy.upTo(7).maxAge()).isZero();
    }

    @Test
    void shouldSayWhatIsWrongWithBadValues() {
        assertThatThrownBy(() -> BatchPolicy.upTo(0)).hasMessage("maxRecords must be positive, got 0");
        assertThatThrownBy(() -> BatchPolicy.of(1, Duration.ofNanos(-1)))
                .hasMessage("maxAge must not be negative, got PT-0.000000001S");
    }
}
