package dev.millrace.pipeline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs when, and that nothing is kept of what will not. */
class TimersTest {

    private static final int FEW = 200;

    private final Timers timers = new Timers();
    private final List<Integer> ran = new ArrayList<>();

    @Test
    void shouldKeepNoMoreCancelledTimersThanOthersHoweverLateTheyWouldBeDue() {
        for (int i = 0; i < 100_000; i++) {
            timers.at(1_000_000, () -> ran.add(1)).cancel();
            assertThat(timers.size()).isLessThan(FEW);
        }
        timers.fire(1_000_000);

        assertThat(ran).isEmpty();
        assertThat(timers.size()).isZero();
    }

    @Test
    void shouldBearToBeCancelledTwiceOrTooLate() {
        timers.at(2, () -> ran.add(2));
        for (int i = 0; i < FEW; i++) {
            Timers.Timer over = timers.at(1, () -> ran.add(1));
            timers.fire(1);
            over.cancel();
            Timers.Timer cancelled = timers.at(3, () -> ran.add(3));
            cancelled.cancel();
            cancelled.cancel();
        }
        timers.fire(2);

        assertThat(ran).hasSize(FEW + 1).endsWith(2).containsOnly(1, 2);
    }

    /** Each one that runs cancels another. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldRunWhatIsDueAndNotCancelledInTheOrderOfItsTime(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Integer, Timers.Timer> live = new HashMap<>();
        Map<Integer, Long> due = new HashMap<>();
        long now = 0;
        for (int i = 0; i < 20_000; i++) {
            int number = i;
            long at = now + random.nextInt(500);
            due.put(number, at);
            live.put(number, timers.at(at, () -> {
                live.remove(number);
                ran.add(number);
                live.keySet().stream().findAny().ifPresent(other -> cancel(live, due, other));
            }));
            if (random.nextInt(3) > 0) {
                cancel(live, due, number - random.nextInt(Math.min(number + 1, 100)));
            }
            if (random.nextInt(10) == 0) {
                now += random.nextInt(30);
                ran.clear();
                timers.fire(now);
                assertThat(ran).isSortedAccordingTo((a, b) -> order(due, a, b));
                ran.forEach(due::remove);
                long later = now;
                assertThat(due.values()).allMatch(time -> time > later);
                assertThat(timers.size()).isLessThan(FEW + 2 * live.size());
            }
        }
        assertThat(live).isNotEmpty();
    }

    private static int order(Map<Integer, Long> due, int one, int other) {
        int byTime = Long.compare(due.get(one), due.get(other));
        return byTime == 0 ? Integer.compare(one, other) : byTime;
    }

    private static void cancel(Map<Integer, Timers.Timer> live, Map<Integer, Long> due, int number) {
        Timers.Timer timer = live.remove(number);
        if (timer != null) {
            timer.cancel();
            due.remove(number);
        }
    }
}
