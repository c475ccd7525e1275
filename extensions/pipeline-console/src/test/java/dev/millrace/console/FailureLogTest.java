package dev.millrace.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of failures stays small, however many there are and whatever they say. */
class FailureLogTest {

    private static final String LONGEST = "x".repeat(2_000);

    private final AtomicLong time = new AtomicLong();
    private final FailureLog log = new FailureLog(time::incrementAndGet, true);

    @Test
    void shouldKeepTheLastFiftyOfWhatIsFinal() {
        for (int i = 0; i < 50; i++) {
            skip(i, "");
        }
        assertThat(log.all())
                .hasSize(50)
                .last()
                .satisfies(first -> assertThat(first.record()).isEqualTo("numbers@0"));

        skip(50, "");

        assertThat(log.all()).hasSize(50);
        assertThat(log.all())
                .extracting(Failure::record)
                .contains("numbers@50", "numbers@1")
                .doesNotContain("numbers@0");
    }

    private void skip(int offset, String text) {
        log.skip("map", new SourcePosition("numbers", offset), new IllegalStateException(text));
    }

    @Test
    void shouldKeepAttemptsOfTwentyStagesAndNoFinalFailureLessForThem() {
        skip(0, "");
        for (int i = 0; i < 20; i++) {
            log.unavailable("stage " + i, new IllegalStateException());
        }
        assertThat(log.all()).hasSize(21);

        log.unavailable("stage 20", new IllegalStateException());

        assertThat(log.all()).hasSize(21);
        assertThat(log.all())
                .extracting(Failure::stage)
                .contains("map", "stage 20", "stage 1")
                .doesNotContain("stage 0");
    }

    @Test
    void shouldShowTwoThousandCharactersOfAMessage() {
        skip(0, LONGEST);
        skip(1, LONGEST + "y");

        assertThat(log.all()).extracting(Failure::text).containsExactly(LONGEST + "…", LONGEST);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldShowTwoThousandCharactersOfAValue(boolean asBytes) {
        assertThat(shown(LONGEST, asBytes)).isEqualTo(LONGEST);
        assertThat(shown(LONGEST + "y", asBytes)).isEqualTo(LONGEST + "…");
    }

    private static String shown(String value, boolean asBytes) {
        Object given = asBytes ? value.getBytes(UTF_8) : value;
        return Payload.of(PipelineRecord.of(given, "numbers", 0)).value();
    }
}
