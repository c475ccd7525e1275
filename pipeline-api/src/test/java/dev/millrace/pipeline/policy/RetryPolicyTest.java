package dev.millrace.pipeline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final RandomGenerator RANDOM = new Random(7);

    @Test
    void shouldDoubleTheDelayUpToTheLongest() {
        RetryPolicy policy =
                RetryPolicy.exponential(MILLI, Duration.ofMillis(10)).jitter(0);

        assertThat(LongStream.rangeClosed(1, 7).map(n -> policy.delayNanos((int) n, RANDOM) / 1_000_000))
                .containsExactly(1L, 2L, 4L, 8L, 10L, 10L, 10L);
    }

    @Test
    void shouldTakeARandomPartOffTheDelay() {
        RetryPolicy policy = RetryPolicy.exponential(MILLI, Duration.ofMillis(10));

        assertThat(LongStream.range(0, 1000).map(n -> policy.delayNanos(2, RANDOM)))
                .allMatch(delay -> delay > 1_000_000 && delay <= 2_000_000)
                .hasSizeGreaterThan(1)
                .satisfies(
                        delays -> assertThat(delays.stream().distinct().count()).isGreaterThan(900));
    }

    @Test
    void shouldKeepTheDelayWhereItIsFixed() {
        RetryPolicy policy = RetryPolicy.fixed(MILLI);

        assertThat(policy.delayNanos(1, RANDOM)).isEqualTo(1_000_000);
        assertThat(policy.delayNanos(100, RANDOM)).isEqualTo(1_000_000);
    }

    @Test
    void shouldNeverGiveANegativeDelayHoweverManyAttemptsHaveFailed() {
        RetryPolicy policy = RetryPolicy.exponential(MILLI, Duration.ofSeconds(Long.MAX_VALUE));

        for (int attempts : new int[] {1, 62, 63, 64, 65, 1000, Integer.MAX_VALUE}) {
            assertThat(policy.delayNanos(attempts, RANDOM)).isPositive();
        }
    }

    @Test
    void shouldHaveTheDefaultsItDocuments() {
        assertThat(RetryPolicy.none().maxAttempts()).isOne();
        assertThat(RetryPolicy.exponential(MILLI, MILLI).maxAttempts()).isEqualTo(5);
        assertThat(RetryPolicy.fixed(MILLI).maxAttempts()).isEqualTo(5);
        assertThat(RetryPolicy.forever().maxAttempts()).isEqualTo(Integer.MAX_VALUE);
        assertThat(RetryPolicy.forever().initialDelay()).isEqualTo(Duration.ofMillis(100));
        assertThat(RetryPolicy.forever().maxDelay()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void shouldSayWhatIsWrongWithBadValues() {
        assertThatThrownBy(() -> RetryPolicy.none().maxAttempts(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxAttempts must be positive, got 0");
        assertThatThrownBy(() -> RetryPolicy.none().jitter(1.5)).hasMessage("jitter must be 0 to 1, got 1.5");
        assertThatThrownBy(() -> RetryPolicy.none().jitter(Double.NaN)).hasMessage("jitter must be 0 to 1, got NaN");
        assertThatThrownBy(() -> RetryPolicy.fixed(Duration.ofMillis(-1)))
                .hasMessage("initialDelay must not be negative, got PT-0.001S");
        assertThatThrownBy(() -> RetryPolicy.exponential(Duration.ofMillis(2), MILLI))
                .hasMessage("maxDelay must not be below initialDelay PT0.002S, got PT0.001S");
    }
}
