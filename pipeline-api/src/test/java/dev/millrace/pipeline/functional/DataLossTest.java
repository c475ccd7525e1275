package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.DataLossException;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.LogCapture;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a source has lost is told with its range, whether it stops there or goes on. */
@Timeout(120)
class DataLossTest {

    private static final DataLoss GAP = DataLoss.between("p", 3, 9, "its log begins at 10");
    private static final String GAP_TEXT = "p has lost the offsets 3 to 9, 7 in all: its log begins at 10";

    private final LogCapture log = new LogCapture();
    private final RecordingListener listener = new RecordingListener();
    private final PipelineRunner runner = Runs.runner().listener(listener);
    private final ManualSource<Integer> source = ManualSource.pausable();

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void shouldTellOfItAndGoOnWhenTheReaderDoes() {
        try (RunningPipeline running =
                runner.start(Pipeline.named("pipe").from(source).to(Sinks.discard()))) {
            source.within(context -> context.dataLost(List.of(GAP)));
            source.feed("p", 10, 1);
            Await.until("it has gone on", () -> running.stats().recordsDone() == 1);
            assertThat(running.stats().dataLosses()).isEqualTo(1);
        }
        assertThat(listener.dataLosses).containsExactly(GAP);
        assertThat(log.messages(Level.WARNING)).containsExactly("[pipe|from] " + GAP_TEXT);
        assertThat(log.messages(Level.SEVERE)).isEmpty();
    }

    @Test
    void shouldFinishWhatIsInFlightAndFailWithTheRangeWhenTheReaderStops() {
        source.feed("p", 2, 1);
        RunningPipeline running =
                runner.start(Pipeline.named("pipe").from(source).to(Sinks.discard()));
        Await.until("it is read", () -> source.taken() == 1);
        source.failPollWith(new DataLossException(List.of(GAP)));

        assertThatThrownBy(running::awaitTermination)
                .isInstanceOf(PipelineFailedException.class)
                .hasMessageEndingWith("DataLossException: " + GAP_TEXT);
        assertThat(source.committed("p")).isEqualTo(3);
        assertThat(listener.dataLosses).containsExactly(GAP);
        assertThat(log.messages(Level.SEVERE))
                .singleElement()
                .asString()
                .startsWith("[pipe|from] FAILED: dev.millrace.pipeline.spi.DataLossException: " + GAP_TEXT);
        assertThat(running.health().reasons()).singleElement().asString().endsWith(GAP_TEXT);
    }

    @Test
    void shouldNotBeginAnewAfterALossSinceThatBringsNothingBack() {
        RunningPipeline running = runner.restart(RetryPolicy.fixed(Duration.ZERO))
                .start(Pipeline.named("pipe").from(source).to(Sinks.discard()));
        source.failPollWith(new DataLossException("all of it", List.of()));

        Runs.awaitState(running, PipelineState.FAILED);
        assertThat(listener.restarts).isEmpty();
        assertThat(running.failure())
                .hasValueSatisfying(
                        failure -> assertThat(failure).hasMessageEndingWith("DataLossException: all of it"));
    }

    @Test
    void shouldTellOfALossThatIsFoundWhenItBeginsAnew() {
        AtomicInteger opens = new AtomicInteger();
        Source<Integer> losing = context -> {
            if (opens.incrementAndGet() == 2) {
                throw new DataLossException(List.of(GAP));
            }
            return source.open(context);
        };
        RunningPipeline running = runner.restart(RetryPolicy.fixed(Duration.ZERO))
                .start(Pipeline.named("pipe").from(losing).to(Sinks.discard()));
        source.failPollWith(new IOException("connection reset"));

        Runs.awaitState(running, PipelineState.FAILED);
        assertThat(opens).hasValue(2);
        assertThat(listener.dataLosses).containsExactly(GAP);
    }

    @Test
    void shouldNameTenOfManyRangesInAMessageAndAllInTheLog() {
        List<DataLoss> many = LongStream.range(0, 13)
                .mapToObj(i -> DataLoss.beyond("p-" + i, i, "gone"))
                .toList();
        DataLossException failure = new DataLossException(many);

        assertThat(failure).hasMessageStartingWith("p-0 has lost all offsets from 0 on: gone; p-1 ");
        assertThat(failure).hasMessageEndingWith("; p-9 has lost all offsets from 9 on: gone; and 3 more");
        source.failPollWith(failure);
        Runs.runToFailure(runner, Pipeline.named("pipe").from(source).to(Sinks.discard()));
        assertThat(listener.dataLosses).isEqualTo(many);
        assertThat(log.messages(Level.WARNING)).hasSize(13);
    }

    @Test
    void shouldRefuseARangeThatIsNone() {
        assertThatThrownBy(() -> DataLoss.between("p", 5, 4, "gone"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("to must not be less than from, 5, got 4");
        assertThatThrownBy(() -> DataLoss.beyond("p", -1, "gone")).hasMessage("from must not be negative, got -1");
    }
}
