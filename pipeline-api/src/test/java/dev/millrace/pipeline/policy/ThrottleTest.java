package dev.millrace.pipeline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    private static final RandomGenerator RANDOM = new Random(7);

    @Test
    void shouldSpaceRecordsEvenlyWhenGivenANumberPerSecond() {
        assertThat(Throttle.perSecond(250).nextPauseNanos(RANDOM)).isEqualTo(4_000_000);
        assertThat(Throttle.perSecond(0.5).nextPauseNanos(RANDOM)).isEqualTo(2_000_000_000);
    }

    @Test
    void shouldDrawPausesFromBetweenTheBounds() {
        Throttle throttle = Throttle.randomPause(Duration.ofNanos(100), Duration.ofNanos(200));

        assertThat(LongStream.range(0, 1_000)
                        .map(n -> throttle.nextPauseNanos(RANDOM))
                        .summaryStatistics())
                .satisfies(pauses -> {
                    assertThat(pauses.getMin()).isBetween(100L, 105L);
                    assertThat(pauses.getMax()).isBetween(195L, 200L);
                    assertThat(pauses.getAverage()).isBetween(145.0, 155.0);
                });
    }

    @Test
    void shouldSayWhatIsWrongWithBadValues() {
        assertThatThrownBy(() -> Throttle.perSecond(0)).hasMessage("records must be positive and at most 1e9, got 0.0");
        assertThatThrownBy(() -> Throttle.perSecond(Double.NaN))
                .hasMessage("records must be positive and at most 1e9, got NaN");
        assertThatThrownBy(() -> Throttle.randomPause(Duration.ofMillis(2), Duration.ofMillis(1)))
                .hasMessage("maxPause must not be below minPause PT0.002S, got PT0.001S");
        assertThatThrownBy(() -> Throttle.randomPause(Duration.ofMillis(-2), Duration.ofMillis(1)))
                .hasMessage("minPause must not be negative, got PT-0.002S");
    }
}
