package dev.millrace.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void shouldSpaceRecordsEvenlyForAsLongAsItLasts() {
        Schedule schedule = new Schedule(5_000, 3);

        assertThat(schedule.dueMicros(0)).isEqualTo(5_000);
        assertThat(schedule.dueMicros(1)).isEqualTo(338_333);
        assertThat(schedule.dueMicros(3)).isEqualTo(1_005_000);
        // A rounded interval would be a second late by now.
        assertThat(schedule.dueMicros(3_000_000)).isEqualTo(5_000 + 1_000_000_000_000L);
    }

    @Test
    void shouldCountWhatIsDueWithinATime() {
        assertThat(new Schedule(0, 2.5).dueWithin(2)).isEqualTo(5);
        assertThat(new Schedule(0, 2.5).dueWithin(1)).isEqualTo(3);
        assertThat(new Schedule(0, 2.5).dueWithin(0)).isZero();
    }

    @Test
    void shouldCountAStallForAllThatWereDueInIt() {
        // A record each 100 ms, of which none is done before a second has passed.
        Schedule schedule = new Schedule(0, 10);
        long[] latencies = new long[10];
        for (int number = 0; number < latencies.length; number++) {
            latencies[number] = schedule.latencyMicros(number, 1_000_000);
        }

        assertThat(latencies)
                .containsExactly(
                        1_000_000, 900_000, 800_000, 700_000, 600_000, 500_000, 400_000, 300_000, 200_000, 100_000);
    }

    @Test
    void shouldTakeARecordDoneBeforeItWasDueForOneDoneAtOnce() {
        assertThat(new Schedule(1_000, 10).latencyMicros(0, 990)).isZero();
    }

    @Test
    void shouldRefuseARateThatIsNone() {
        assertThatThrownBy(() -> new Schedule(0, 0)).hasMessage("perSecond must be positive, got 0.0");
        assertThatThrownBy(() -> new Schedule(0, Double.NaN)).hasMessage("perSecond must be positive, got NaN");
    }
}
