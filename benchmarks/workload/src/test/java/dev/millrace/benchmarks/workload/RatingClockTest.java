package dev.millrace.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RatingClockTest {

    @Test
    void shouldTellTheNumberOfARatingByItsTime() {
        for (long number : new long[] {0, 1, 999, 1_000, 123_456_789}) {
            for (int micros : new int[] {0, 1, 999}) {
                assertThat(RatingClock.number(RatingClock.time(number, micros).toInstant(ZoneOffset.UTC)))
                        .as("rating %s, %s µs", number, micros)
                        .isEqualTo(number);
            }
        }
    }
}
