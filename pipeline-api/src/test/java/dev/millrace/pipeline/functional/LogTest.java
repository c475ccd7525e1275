package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.LogCapture;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators read. */
class LogTest {

    private final LogCapture log = new LogCapture();
    private final ManualSource<Integer> source = ManualSource.pausable();
    private final long since = System.nanoTime();

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void shouldTellOfEachStateAndSumUpAtTheEnd() {
        source.feed("p", 0, 1).feed("p", 1, 2).end();
        Runs.run(Pipeline.named("pipe").from(source).to(Sinks.discard()));

        List<String> told = log.messages(Level.INFO);
        assertThat(told).first().isEqualTo("[pipe] RUNNING");
        assertThat(told).contains("[pipe] DRAINING", "[pipe] reads 1 partition, new: p");
        assertThat(told)
                .last()
                .asString()
                .matches(
                        "\\[pipe] STOPPED after \\d+ ms: 2 records read, 2 done, of these 0 dead letters and 0 skipped");
        assertThat(log.messages(Level.WARNING)).isEmpty();
        assertThat(log.messages(Level.SEVERE)).isEmpty();
    }

    @Test
    void shouldCallItAnErrorOnlyThatThePipelineHasFailed() {
        source.feed("p", 7, 1);
        Runs.runToFailure(
                Runs.runner(),
                Pipeline.named("pipe").from(source).map(value -> null).to(Sinks.discard()));

        assertThat(log.messages(Level.SEVERE))
                .singleElement()
                .asString()
                .matches(
                        "\\[pipe\\|map] FAILED at p@7: java\\.lang\\.NullPointerException after \\d+ ms: 1 records? read,"
                                + " 0 done, of these 0 dead letters and 0 skipped");
    }

    @Test
    void shouldWarnOfTheFirstOfManyLikeEventsAndLeaveTheRestToWhoLooksForThem() {
        for (int i = 0; i < 100; i++) {
            source.feed("p", i, i);
        }
        source.end();
        Runs.run(Pipeline.named("pipe")
                .from(source)
                .map(value -> value % 2 == 0 ? null : value, StageOptions.with().onFailure(FailurePolicy.skip()))
                .map(value -> null, StageOptions.with().onFailure(FailurePolicy.deadLetter(Sinks.discard())))
                .to(Sinks.discard()));

        assertWarnedSeldom("skipped", "[pipe|map] p@0 skipped: java.lang.NullPointerException");
        assertWarnedSeldom(
                "becomes a dead letter",
                "[pipe|map-2] p@1 becomes a dead letter after 1 attempt: java.lang.NullPointerException");
        assertThat(log.messages(Level.WARNING))
                .allMatch(line -> line.contains("skipped") || line.contains("becomes a dead letter"));
    }

    /** There were fifty of them. */
    private void assertWarnedSeldom(String kind, String first) {
        List<String> warnings = log.messages(Level.WARNING).stream()
                .filter(line -> line.contains(kind))
                .toList();
        assertThat(warnings).hasSizeLessThanOrEqualTo(mostWarnings()).startsWith(first);
        assertThat(log.messages(Level.FINE))
                .filteredOn(line -> line.contains(kind))
                .hasSize(50 - warnings.size());
    }

    /** Of a kind, where one is told in ten seconds: one, unless the machine has stood still. */
    private int mostWarnings() {
        return 1 + (int) Duration.ofNanos(System.nanoTime() - since).toSeconds() / 10;
    }

    @Test
    void shouldWarnOnceOfAnOutageThatGoesOn() {
        ManualSink<Integer> sink = ManualSink.create();
        source.feed("p", 0, 1);
        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(source).to(sink))) {
            sink.call(0).fail(new UnavailableException("no route to the store"));
            sink.call(1).fail(new UnavailableException("no route to the store"));
            sink.call(2).succeed();
            Await.until("it is done", () -> running.stats().recordsDone() == 1);
        }
        assertThat(log.messages(Level.WARNING))
                .hasSizeBetween(1, mostWarnings())
                .first()
                .asString()
                .matches("\\[pipe\\|to] unavailable, next attempt in \\d+ ms: no route to the store");
    }

    @Test
    void shouldTellOfPartitionsThatComeAndGo() {
        source.feed("p", 0, 1);
        try (RunningPipeline running =
                Runs.runner().start(Pipeline.named("pipe").from(source).to(Sinks.discard()))) {
            Await.until("it is read", () -> running.stats().recordsDone() == 1);
            source.within(context -> {
                context.lost(List.of("p"));
                context.assigned(List.of("q", "r"));
            });
            Await.until(
                    () -> "it is told of, not only " + log.messages(Level.INFO),
                    () -> log.messages(Level.INFO).contains("[pipe] reads 2 partitions, new: q, r, gone: p"));
        }
    }
}
