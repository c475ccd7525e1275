package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How fast records pass a throttle. */
class PaceTest {

    private final List<Integer> written = new CopyOnWriteArrayList<>();

    @Test
    void shouldLetThroughSoManyASecond() {
        Duration taken = timed(60, Throttle.perSecond(200));

        assertThat(taken).isBetween(Duration.ofMillis(270), Duration.ofMinutes(1));
    }

    @Test
    void shouldPauseAtRandomToTheLastRecord() {
        Duration taken = timed(60, Throttle.randomPause(Duration.ZERO, Duration.ofMillis(10)));

        assertThat(taken).isBetween(Duration.ofMillis(150), Duration.ofMinutes(1));
    }

    @Test
    void shouldNotReadFarAhead() {
        ManualSource<Integer> source = ManualSource.pausable();
        for (int i = 0; i < 1_000; i++) {
            source.feed("p", i, i);
        }
        try (RunningPipeline running = start(source, Throttle.perSecond(0.001))) {
            Await.until("the first is through", () -> written.size() == 1);
            Await.still("few are read", () -> source.taken() <= 4);
            running.drain();
        }
    }

    @Test
    void shouldCutThePausesShortWhenDrained() {
        ManualSource<Integer> source = ManualSource.pausable();
        source.feed("p", 0, 0).feed("p", 1, 1);
        RunningPipeline running = start(source, Throttle.randomPause(Duration.ofMinutes(5), Duration.ofMinutes(5)));
        Await.until("both are read", () -> running.stats().recordsRead() == 2);

        running.close();

        assertThat(written).containsExactly(0, 1);
        assertThat(source.committed("p")).isEqualTo(2);
    }

    @Test
    void shouldCutThePausesShortWhenDrainedAfterTheSourceHasEnded() {
        ManualSource<Integer> source = ManualSource.pausable();
        source.feed("p", 0, 0).feed("p", 1, 1).end();
        RunningPipeline running = start(source, Throttle.randomPause(Duration.ofMinutes(5), Duration.ofMinutes(5)));
        Await.until("both are read", () -> running.stats().recordsRead() == 2);

        running.close();

        assertThat(written).containsExactly(0, 1);
    }

    private Duration timed(int records, Throttle throttle) {
        long start = System.nanoTime();
        Runs.run(Pipeline.named("p")
                .from(Sources.of(IntStream.range(0, records).boxed().toList()))
                .throttle(throttle)
                .to(Sinks.into(written)));
        assertThat(written).hasSize(records).isSorted();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private RunningPipeline start(ManualSource<Integer> source, Throttle throttle) {
        return Runs.runner()
                .start(Pipeline.named("p").from(source).throttle(throttle).to(Sinks.into(written)));
    }
}
