package dev.millrace.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

    private static final PipelineRecord<String> RECORD = PipelineRecord.of("secret", "p", 3);

    @Test
    void shouldShowPlaceAndKindOfFailureButNoPayload() {
        DeadLetter letter =
                new DeadLetter(RECORD, "pipe", "map", new IllegalStateException("secret"), 2, Instant.EPOCH);

        assertThat(letter).hasToString("DeadLetter[p@3, stage 'map', java.lang.IllegalStateException, attempts 2]");
    }

    @Test
    void shouldRefuseLessThanOneAttempt() {
        assertThatThrownBy(() -> new DeadLetter(RECORD, "pipe", "map", new Exception(), 0, Instant.EPOCH))
                .hasMessage("attempts must be positive, got 0");
    }
}
