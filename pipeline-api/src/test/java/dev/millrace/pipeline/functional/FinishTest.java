package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSource;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pipeline that is asked to finish reads all that its source holds by then, and ends. */
@Timeout(120)
class FinishTest {

    private final Queue<Integer> written = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldEndOnceAllIsDoneThatTheSourceHolds(boolean isPausable) throws Exception {
        ManualSource<Integer> source = isPausable ? ManualSource.pausable() : ManualSource.unpausable();
        RunningPipeline running = start(source);
        // Within a poll, so that they are there before it is asked.
        source.within(context -> {
            for (int i = 0; i < 5_000; i++) {
                source.feed(i % 2 == 0 ? "even" : "odd", i, i);
            }
            running.finish();
        });

        running.awaitTermination();

        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(written).hasSize(5_000);
        assertThat(source.committed("odd")).isEqualTo(5_000);
    }

    @Test
    void shouldLeaveItToAReaderThatKnowsWhereItEnds() throws Exception {
        EndingSource source = new EndingSource();
        RunningPipeline running = start(source);
        Await.until("it has brought nothing many times", () -> source.emptyPolls.get() > 10);
        assertThat(running.state()).isEqualTo(PipelineState.RUNNING);

        running.finish();
        running.finish();
        running.awaitTermination();

        assertThat(written).containsExactly(0, 1, 2);
        assertThat(source.finishes).hasValue(1);
    }

    @Test
    void shouldGoOnToTheEndOnlyWhenResumedIfItIsPaused() throws Exception {
        ManualSource<Integer> source = ManualSource.unpausable();
        RunningPipeline running = start(source);
        source.within(context -> running.pause());
        Await.until("it reads no more", source::isIdle);
        source.feed("p", 0, 7);

        running.finish();
        Await.still("it does not end", () -> running.state() == PipelineState.RUNNING);
        running.resume();
        running.awaitTermination();

        assertThat(written).containsExactly(7);
    }

    @Test
    void shouldEndAtOnceWhereValuesAreOnlyMadeWhenAskedFor() throws Exception {
        CountDownLatch hasBegun = new CountDownLatch(1);
        RunningPipeline generated = start(Sources.generate(() -> {
            hasBegun.countDown();
            return 1;
        }));
        hasBegun.await();
        generated.finish();
        generated.awaitTermination();
        assertThat(generated.stats().recordsDone())
                .isEqualTo(generated.stats().recordsRead())
                .isPositive();

        RunningPipeline polled = start(Sources.every(Duration.ofHours(1), () -> 2));
        Await.until("it has been asked once", () -> written.contains(2));
        polled.finish();
        polled.awaitTermination();
        assertThat(polled.stats().recordsDone()).isEqualTo(1);
    }

    @Test
    void shouldTakeWhatAPublisherHasPublished() throws Exception {
        try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>(Runnable::run, 100)) {
            RunningPipeline running = start(Sources.publisher(publisher));
            for (int i = 0; i < 50; i++) {
                publisher.submit(i);
            }
            running.finish();
            running.awaitTermination();
        }
        assertThat(written).hasSize(50);
    }

    private RunningPipeline start(Source<Integer> source) {
        return PipelineRunner.create()
                .start(Pipeline.named("finish").from(source).to(Sinks.forEach(written::add)));
    }

    /** Brings nothing until it is asked to finish, and then three records, with polls between that bring nothing. */
    private static final class EndingSource implements Source<Integer>, SourceReader<Integer> {

        final AtomicInteger emptyPolls = new AtomicInteger();
        final AtomicInteger finishes = new AtomicInteger();
        private int polls;
        private int brought;

        @Override
        public SourceReader<Integer> open(SourceContext context) {
            return this;
        }

        @Override
        public List<PipelineRecord<Integer>> poll(Duration timeout) {
            polls++;
            if (finishes.get() == 0 || polls % 5 != 0 || isExhausted()) {
                emptyPolls.incrementAndGet();
                return List.of();
            }
            return List.of(PipelineRecord.of(brought, "p", brought++));
        }

        @Override
        public boolean finish() {
            finishes.incrementAndGet();
            return true;
        }

        @Override
        public boolean isExhausted() {
            return brought == 3;
        }
    }
}
