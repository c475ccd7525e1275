package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A function that hangs keeps its thread, and so its place; a call that keeps no thread does not. */
@Timeout(120)
class HangingCallTest {

    private static final StageOptions SOON = StageOptions.with()
            .timeout(Duration.ofMillis(50))
            .retry(RetryPolicy.fixed(Duration.ofMillis(1)))
            .ordering(Ordering.UNORDERED);

    private final ManualSource<Integer> source = ManualSource.pausable();
    private final List<Integer> written = Collections.synchronizedList(new ArrayList<>());
    private final RecordingListener listener = new RecordingListener();
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();

    @AfterEach
    void releaseThreads() {
        release.countDown();
    }

    /** What a user's function does that hangs until the test releases it. */
    private void hang() throws InterruptedException {
        begun.incrementAndGet();
        mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        try {
            release.await();
        } finally {
            underWay.decrementAndGet();
        }
    }

    @Test
    void shouldNotUseMoreThreadsThanPlacesForALookupThatHangs() {
        feed(5);
        RunningPipeline running = start(
                Enrichers.blocking(key -> {
                    hang();
                    return Optional.of(key);
                }),
                SOON.concurrency(2));

        assertHanging(running, "enrich", 2);
        release.countDown();
        Runs.awaitEnd(running);

        assertThat(written).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        assertThat(mostUnderWay).hasValue(2);
        assertThat(source.committed("p")).isEqualTo(5);
    }

    @Test
    void shouldNotHandAValueToAConsumerThatHasNotDoneWithAnother() {
        feed(3);
        RunningPipeline running = Runs.runner()
                .listener(listener)
                .start(Pipeline.named("pipe")
                        .from(source)
                        .to(
                                Sinks.<Integer>forEach(value -> {
                                    hang();
                                    written.add(value);
                                }),
                                SOON.concurrency(1)));

        assertHanging(running, "to", 1);
        release.countDown();
        Runs.awaitEnd(running);

        assertThat(written).contains(0, 1, 2);
        assertThat(mostUnderWay).hasValue(1);
        assertThat(source.committed("p")).isEqualTo(3);
    }

    @Test
    void shouldKeepThePlaceOfACallWhoseValueIsGivenUp() {
        source.feed("p", 0, 0);
        RunningPipeline running = start(
                Enrichers.blocking(key -> {
                    hang();
                    return Optional.of(key);
                }),
                StageOptions.with()
                        .deadline(Duration.ofMillis(20))
                        .concurrency(1)
                        .onFailure(FailurePolicy.skip()));
        Await.until("it is given up", () -> running.stats().skipped() == 1);

        source.feed("p", 1, 1).feed("p", 2, 2).feed("p", 3, 3).end();
        Runs.awaitEnd(running);

        assertThat(running.stats().stage("enrich").skipped()).isEqualTo(4);
        Await.until("its call has begun, if late", () -> begun.get() > 0);
        assertThat(begun).hasValue(1);
        assertThat(source.committed("p")).isEqualTo(4);
    }

    /** What the user makes of the answer to a call is the answer to a call, too. */
    @Test
    void shouldKeepThePlaceOfACallOfWhichTheAnswerIsMade() {
        feed(2);
        RunningPipeline running = start(
                context -> key -> context.blocking(() -> {
                            hang();
                            return key;
                        })
                        .thenApply(Optional::of),
                SOON.concurrency(1));

        assertHanging(running, "enrich", 1);
        release.countDown();
        Runs.awaitEnd(running);

        assertThat(written).containsExactlyInAnyOrder(0, 1);
        assertThat(mostUnderWay).hasValue(1);
    }

    /** Nothing of ours is busy with it, and its answer may never come. */
    @Test
    void shouldFreeThePlaceOfACallThatKeepsNoThread() {
        feed(3);
        RunningPipeline running = start(
                Enrichers.async(key -> begun.incrementAndGet() <= 2
                        ? new CompletableFuture<>()
                        : CompletableFuture.completedFuture(Optional.of(key))),
                SOON.concurrency(1));

        Runs.awaitEnd(running);

        assertThat(written).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(running.stats().stage("enrich").unavailable()).isGreaterThanOrEqualTo(2);
    }

    private void assertHanging(RunningPipeline running, String stage, int calls) {
        Await.until("they are waited for no longer", () -> listener.outages.size() == calls);
        Await.still("no other begins", () -> begun.get() == calls);
        assertThat(listener.outages)
                .hasSize(calls)
                .allSatisfy(outage ->
                        assertThat(outage.cause()).hasMessage("no answer within PT0.05S, and the call goes on"));
        Runs.awaitHealth(
                running,
                health -> health.reasons().stream()
                        .anyMatch(reason -> reason.startsWith("stage '" + stage + "' is unavailable for ")));
    }

    private RunningPipeline start(Enricher<Integer, Integer> enricher, StageOptions options) {
        return Runs.runner()
                .listener(listener)
                .start(Pipeline.named("pipe")
                        .from(source)
                        .enrich(enricher, value -> value, (value, answer) -> value, options)
                        .to(Sinks.into(written)));
    }

    private void feed(int records) {
        for (int i = 0; i < records; i++) {
            source.feed("p", i, i);
        }
        source.end();
    }
}
