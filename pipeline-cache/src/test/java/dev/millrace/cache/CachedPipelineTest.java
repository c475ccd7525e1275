package dev.millrace.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.testkit.PipelineTestDriver;
import dev.millrace.testkit.TestSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is remembered while a pipeline runs. */
@Timeout(120)
class CachedPipelineTest {

    @Test
    void shouldAskForEachKeyOnce() throws Exception {
        List<Integer> asked = Collections.synchronizedList(new ArrayList<>());
        Enricher<Integer, String> names = Enrichers.blocking(key -> {
            asked.add(key);
            return Optional.of("name " + key);
        });
        RunningPipeline running = PipelineRunner.create()
                .start(Pipeline.named("cached")
                        .from(Sources.of(IntStream.range(0, 10_000)
                                .mapToObj(number -> number % 7)
                                .toList()))
                        .enrich(
                                Cached.of(names).freshFor(Duration.ofHours(1)),
                                number -> number,
                                (number, name) -> name.orElseThrow())
                        .to(Sinks.discard()));
        running.awaitTermination();

        assertThat(new TreeSet<>(asked)).hasSize(7);
        assertThat(asked).hasSize(7);
        assertThat(running.stats().stage("enrich").hits()).isEqualTo(10_000);
        assertThat(running.stats().stage("enrich").cache().orElseThrow().size()).isEqualTo(7);
    }

    /** The engine knows by what it is answered with that a thread is still kept, and begins no other call for it. */
    @Test
    void shouldHaveNoMoreCallsUnderWayThanTheStageMayThoughTheyHang() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch timeouts = new CountDownLatch(2);
        CountDownLatch begun = new CountDownLatch(2);
        Enricher<Integer, String> hanging = Enrichers.blocking(key -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            begun.countDown();
            end.await();
            inside.decrementAndGet();
            return Optional.of("late");
        });
        PipelineListener counting = new PipelineListener() {
            @Override
            public void onUnavailable(String pipeline, String stage, Duration delay, Throwable cause) {
                timeouts.countDown();
            }
        };
        RunningPipeline running = PipelineRunner.create()
                .listener(counting)
                .start(Pipeline.named("hanging")
                        .from(Sources.of(IntStream.range(0, 20).boxed().toList()))
                        .enrich(
                                Cached.of(hanging).freshFor(Duration.ofHours(1)),
                                number -> number,
                                (number, name) -> name.orElseThrow(),
                                StageOptions.with().concurrency(2).timeout(Duration.ofMillis(20)))
                        .to(Sinks.discard()));
        timeouts.await();
        begun.await(); // a call may be waited for no longer before its thread has begun it
        long since = System.nanoTime();
        while (System.nanoTime() - since < Duration.ofMillis(200).toNanos()) {
            assertThat(most).as("while both hang").hasValue(2);
            LockSupport.parkNanos(1_000_000);
        }
        end.countDown();
        running.awaitTermination();
        assertThat(running.stats().recordsDone()).isEqualTo(20);
    }

    @Test
    void shouldAskAgainOnceAnAnswerIsOld() {
        List<String> asked = new ArrayList<>();
        TestSource<String> keys = new TestSource<>();
        Enricher<String, String> names = Enrichers.blocking(key -> {
            asked.add(key);
            return Optional.of("name " + key);
        });
        try (PipelineTestDriver driver = PipelineTestDriver.create()) {
            driver.start(Pipeline.named("cached")
                    .from(keys)
                    .enrich(
                            Cached.of(names).freshFor(Duration.ofHours(1)),
                            key -> key,
                            (key, name) -> name.orElseThrow())
                    .to(Sinks.discard()));
            keys.add("a", "b");
            driver.advance(Duration.ofHours(1).minusMillis(1));
            keys.add("a");
            driver.run();
            assertThat(asked).containsExactly("a", "b");

            driver.advance(Duration.ofMillis(1));
            keys.add("a");
            driver.run();
            assertThat(asked).containsExactly("a", "b", "a");
        }
    }
}
