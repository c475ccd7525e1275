package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptiveLimitTest {

    private static final int MOST = 256;
    private static final long LATE = 2 * AdaptiveLimit.LATE.toNanos();
    private static final long SOON = Duration.ofMillis(1).toNanos();

    private long now = 7;
    private final AdaptiveLimit limit = new AdaptiveLimit(MOST, now);

    /** As many answers as may be under way, all sent now. */
    private void round(long took) {
        long sent = now;
        now += took;
        IntStream.range(0, limit.get()).forEach(i -> limit.written(sent, now, true));
    }

    private void rounds(int count, long took) {
        IntStream.range(0, count).forEach(i -> round(took));
    }

    @Test
    void shouldDoubleWithEachRoundUntilAllAreAllowed() {
        assertThat(limit.get()).isEqualTo(8);
        round(SOON);
        assertThat(limit.get()).isEqualTo(16);

        rounds(10, SOON);

        assertThat(limit.get()).isEqualTo(MOST);
    }

    @Test
    void shouldNotRiseWhenFewerAreUnderWayThanMayBe() {
        IntStream.range(0, 100).forEach(i -> limit.written(now, now + SOON, false));

        assertThat(limit.get()).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void shouldBeginWithAllThatAreAllowedWhenThoseAreFew(int most) {
        assertThat(new AdaptiveLimit(most, now).get()).isEqualTo(most);
    }

    @Test
    void shouldFallOnceForAllThatWereUnderWayWhenTheyAreLate() {
        rounds(10, SOON);

        round(LATE);

        assertThat(limit.get()).isEqualTo(MOST / 2);
        round(LATE);
        assertThat(limit.get()).isEqualTo(MOST / 4);
    }

    @Test
    void shouldFallWhenTheClusterHasNoTime() {
        rounds(10, SOON);
        long sent = now;

        IntStream.range(0, MOST).forEach(i -> limit.unavailable(sent, sent + LATE, false));

        assertThat(limit.get()).isEqualTo(MOST / 2);
    }

    @Test
    void shouldFallWhenTheClusterSaysAtOnceThatThereAreTooMany() {
        rounds(10, SOON);

        limit.unavailable(now, now + 1, true);

        assertThat(limit.get()).isEqualTo(MOST / 2);
    }

    @Test
    void shouldNotFallWhenTheClusterIsMissingAReplica() {
        rounds(10, SOON);

        IntStream.range(0, MOST).forEach(i -> limit.unavailable(now, now + 1, false));

        assertThat(limit.get()).isEqualTo(MOST);
    }

    @Test
    void shouldAllowOneWhateverHappens() {
        rounds(10, SOON);
        for (int i = 0; i < 100; i++) {
            limit.unavailable(now, now + LATE, false);
            now += LATE;
        }

        assertThat(limit.get()).isEqualTo(1);
    }

    @Test
    void shouldNotFallForOneNodeOfThreeThatIsSlow() {
        rounds(10, SOON);

        for (int i = 0; i < 3_000; i++) {
            now += SOON;
            limit.written(now - (i % 3 == 0 ? LATE : SOON), now, true);
        }

        assertThat(limit.get()).isEqualTo(MOST);
    }

    @Test
    void shouldAllowAllAgainWhenALongTimeIsNotForTheLoad() {
        rounds(10, SOON);

        round(LATE);
        assertThat(limit.get()).isEqualTo(MOST / 2);
        rounds(60, LATE);

        assertThat(limit.get()).isEqualTo(MOST);
    }

    @Test
    void shouldRiseInStepsOnceItHasFallen() {
        rounds(10, SOON);
        round(LATE);

        round(SOON);

        assertThat(limit.get()).isBetween(MOST / 2 + 7, MOST / 2 + 8);
        rounds(20, SOON);
        assertThat(limit.get()).isEqualTo(MOST);
    }

    @Test
    void shouldRiseFromOneToAllWithinSomeDozenRounds() {
        rounds(10, SOON);
        rounds(8, LATE);
        assertThat(limit.get()).isEqualTo(1);

        rounds(40, SOON);

        assertThat(limit.get()).isEqualTo(MOST);
    }

    @Test
    void shouldAllowAllWhenItIsTheWayThatTakesLong() {
        rounds(10, LATE);

        assertThat(limit.get()).isEqualTo(MOST);
        round(3 * LATE);
        assertThat(limit.get()).isLessThan(MOST);
    }

    /**
     * A server that answers one request after the other, each after some time of its own and of the way, and that gives
     * up on those that it has not come to within two seconds. Whoever asks it always has another request.
     */
    private final class Server {

        private static final long PATIENCE = 2_000_000_000;

        private final long wayNanos;
        private long nanosEach;
        private long freeAt = now;
        private int written;
        private int givenUp;

        Server(Duration way, Duration each) {
            wayNanos = way.toNanos();
            nanosEach = each.toNanos();
        }

        private record Request(long sent, long answeredAt, boolean isGivenUp) {}

        private Request take() {
            long begun = Math.max(freeAt, now + wayNanos / 2);
            boolean isGivenUp = begun - now > PATIENCE;
            if (!isGivenUp) {
                freeAt = begun + nanosEach;
            }
            return new Request(now, (isGivenUp ? begun : freeAt) + wayNanos / 2, isGivenUp);
        }

        void run(Duration time, boolean isFixed) {
            ArrayDeque<Request> underWay = new ArrayDeque<>();
            long end = now + time.toNanos();
            while (now < end) {
                while (underWay.size() < (isFixed ? MOST : limit.get())) {
                    underWay.add(take());
                }
                Request next = underWay.remove();
                now = Math.max(now, next.answeredAt);
                if (next.isGivenUp) {
                    givenUp++;
                    limit.unavailable(next.sent, now, false);
                } else {
                    written++;
                    limit.written(next.sent, now, underWay.size() + 1 >= limit.get());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {50, 500, 5_000, 20_000, 100_000})
    void shouldKeepAServerBusyAndLetNothingTimeOutHoweverSlowItIs(long micros) {
        Server server = new Server(Duration.ofMillis(1), Duration.ofNanos(micros * 1_000));

        server.run(Duration.ofMinutes(5), false);

        assertThat(server.givenUp).isZero();
        long possible = Duration.ofMinutes(5).toNanos() / 1_000 / micros;
        assertThat(server.written).isGreaterThan((int) (possible * 0.9));
    }

    @Test
    void shouldKeepAServerBusyThatIsFarAway() {
        Server server = new Server(Duration.ofMillis(700), Duration.ofMillis(3));

        server.run(Duration.ofMinutes(5), false);

        assertThat(server.givenUp).isZero();
        assertThat(server.written).isGreaterThan(90_000);
    }

    @Test
    void shouldFollowAServerThatGetsSlowAndFastAgain() {
        Server server = new Server(Duration.ofMillis(1), Duration.ofNanos(100_000));
        server.run(Duration.ofSeconds(10), false);

        server.nanosEach = 30_000_000;
        server.run(Duration.ofMinutes(1), false);
        assertThat(server.givenUp).as("hardly more than had been sent before").isLessThan(MOST + MOST / 4);
        assertThat(limit.get()).isBetween(8, 67);

        server.nanosEach = 100_000;
        server.run(Duration.ofSeconds(10), false);
        assertThat(limit.get()).isEqualTo(MOST);
    }

    @Test
    void shouldLetManyTimeOutWithoutIt() {
        Server server = new Server(Duration.ofMillis(1), Duration.ofMillis(20));

        server.run(Duration.ofMinutes(1), true);

        assertThat(server.givenUp).as("so that the others prove something").isGreaterThan(100);
    }
}
