package dev.millrace.pipeline.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriteResultTest {

    @Test
    void shouldCopyTheFailures() {
        Map<Integer, Throwable> failures = new HashMap<>(Map.of(1, new Exception("x")));
        WriteResult result = WriteResult.failed(failures);
        failures.clear();

        assertThat(result.failures()).containsOnlyKeys(1);
    }

    @Test
    void shouldBeWrittenWhenNothingFailed() {
        assertThat(WriteResult.failed(Map.of())).isSameAs(WriteResult.written());
        assertThat(WriteResult.alreadyWritten()).isCompletedWithValue(WriteResult.written());
    }
}
