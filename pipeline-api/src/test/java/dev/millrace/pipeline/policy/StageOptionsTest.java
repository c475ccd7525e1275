package dev.millrace.pipeline.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StageOptionsTest {

    @Test
    void shouldHaveDefaultsForAllThatIsNotSet() {
        StageOptions options = StageOptions.with();

        assertThat(options.name()).isEmpty();
        assertThat(options.retry()).isEqualTo(RetryPolicy.none());
        assertThat(options.onFailure()).isEmpty();
        assertThat(options.batch()).isEqualTo(BatchPolicy.whatWaits());
        assertThat(options.ordering()).isEqualTo(Ordering.PER_PARTITION);
        assertThat(options.concurrency()).isEmpty();
        assertThat(options.timeout()).isEmpty();
    }

    @Test
    void shouldKeepEachOptionWhenAnotherIsSet() {
        StageOptions options = all();

        assertThat(options.name()).contains("here");
        assertThat(options.retry()).isEqualTo(RetryPolicy.forever());
        assertThat(options.onFailure()).contains(FailurePolicy.skip());
        assertThat(options.batch()).isEqualTo(BatchPolicy.upTo(3));
        assertThat(options.ordering()).isEqualTo(Ordering.PER_KEY);
        assertThat(options.concurrency()).hasValue(4);
        assertThat(options.timeout()).contains(Duration.ofSeconds(5));
    }

    @Test
    void shouldLeaveTheOptionsAloneThatItIsMadeOf() {
        StageOptions options = StageOptions.with();

        assertThat(options.name("other").name()).contains("other");
        assertThat(options.name()).isEmpty();
    }

    @Test
    void shouldBeEqualWhereAllOptionsAre() {
        assertThat(all()).isEqualTo(all()).hasSameHashCodeAs(all());
        assertThat(all()).isNotEqualTo(all().concurrency(5)).isNotEqualTo(StageOptions.with());
    }

    @Test
    void shouldSayWhatIsWrongWithBadValues() {
        StageOptions options = StageOptions.with();

        assertThatThrownBy(() -> options.name(" ")).hasMessage("name must not be blank");
        assertThatThrownBy(() -> options.concurrency(0)).hasMessage("concurrency must be positive, got 0");
        assertThatThrownBy(() -> options.timeout(Duration.ZERO)).hasMessage("timeout must be positive, got PT0S");
        assertThatThrownBy(() -> options.retry(null)).hasMessage("retry");
    }

    private static StageOptions all() {
        return StageOptions.with()
                .name("here")
                .retry(RetryPolicy.forever())
                .onFailure(FailurePolicy.skip())
                .batch(BatchPolicy.upTo(3))
                .ordering(Ordering.PER_KEY)
                .concurrency(4)
                .timeout(Duration.ofSeconds(5));
    }
}
