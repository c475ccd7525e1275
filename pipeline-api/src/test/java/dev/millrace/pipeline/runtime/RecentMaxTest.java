package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentMaxTest {

    private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(90);

    private final RecentMax max = new RecentMax(START);

    @Test
    void shouldKnowTheGreatestOfTheLastMinuteAlsoWhereTheClockOverflows() {
        max.add(7, at(10));
        max.add(3, at(20));
        assertThat(max.value(at(59))).isEqualTo(7);
        assertThat(max.value(at(61))).isEqualTo(7);

        max.add(2, at(65));
        assertThat(max.value(at(70))).isEqualTo(7);
        assertThat(max.value(at(126))).isEqualTo(2);
        assertThat(max.value(at(186))).isZero();
    }

    @Test
    void shouldForgetWhatIsTwoMinutesOldWhenSomethingNewComes() {
        max.add(7, at(10));
        max.add(1, at(200));
        assertThat(max.value(at(201))).isOne();
    }

    private static long at(int second) {
        return START + TimeUnit.SECONDS.toNanos(second);
    }
}
