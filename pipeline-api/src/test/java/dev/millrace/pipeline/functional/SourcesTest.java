package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SourcesTest {

    private final List<Object> written = new CopyOnWriteArrayList<>();
    private final RecordingListener listener = new RecordingListener();

    @Test
    void shouldEndWithTheValues() {
        run(Sources.of(IntStream.range(0, 1_234).boxed().toList()));

        assertThat(written).hasSize(1_234).startsWith(0, 1, 2).endsWith(1_233);
    }

    @Test
    void shouldEndAtOnceWithoutValues() {
        run(Sources.of());
        run(Sources.of(List.of()));

        assertThat(written).isEmpty();
    }

    @Test
    void shouldMakeAnIteratorForEachStart() {
        Source<Integer> source =
                Sources.iterator(() -> Stream.iterate(1, i -> i + 1).limit(3).iterator());

        run(source);
        run(source);

        assertThat(written).containsExactly(1, 2, 3, 1, 2, 3);
    }

    @Test
    void shouldWriteWhatCameBeforeTheIteratorFailed() {
        Iterator<Integer> three = List.of(1, 2, 3).iterator();
        Iterator<Integer> failing = Stream.generate(() -> {
                    if (!three.hasNext()) {
                        throw new IllegalStateException("broken");
                    }
                    return three.next();
                })
                .iterator();

        PipelineFailedException failure = runToFailure(Sources.iterator(() -> failing));

        assertThat(failure.stage()).contains("from");
        assertThat(failure).hasRootCauseMessage("broken");
        assertThat(written).containsExactly(1, 2, 3);
    }

    @Test
    void shouldGenerateWithoutEnd() {
        AtomicInteger generator = new AtomicInteger();
        try (RunningPipeline running = start(Sources.generate(generator::incrementAndGet))) {
            Await.until("there are many", () -> written.size() > 2_000);
            assertThat(running.state().isFinal()).isFalse();
            running.abandon();
        }
        assertThat(written).startsWith(1, 2, 3);
    }

    @Test
    void shouldLoseNothingThatWasGeneratedBeforeAnOutage() {
        AtomicInteger calls = new AtomicInteger();
        ThrowingSupplier<Integer> generator = () -> {
            int call = calls.incrementAndGet();
            if (call == 4) {
                throw new UnavailableException("down");
            } else if (call == 8) {
                throw new IllegalStateException("broken");
            }
            return call;
        };

        runToFailure(Sources.generate(generator));

        assertThat(written).containsExactly(1, 2, 3, 5, 6, 7);
        assertThat(listener.outages).hasSize(1);
    }

    @Test
    void shouldAskInEveryInterval() {
        AtomicInteger calls = new AtomicInteger();
        long start = System.nanoTime();
        try (RunningPipeline running = start(Sources.every(Duration.ofMillis(20), calls::incrementAndGet))) {
            Await.until("there are some", () -> written.size() >= 5);
            assertThat(running.state().isFinal()).isFalse();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(79));
        assertThat(written).startsWith(1, 2, 3, 4, 5);
    }

    @Test
    void shouldEndAfterSoManyTimes() {
        AtomicInteger calls = new AtomicInteger();

        Runs.run(Pipeline.named("p")
                .from(Sources.every(Duration.ofMillis(1), 3, calls::incrementAndGet))
                .to(Sinks.into(written)));

        assertThat(written).containsExactly(1, 2, 3);
        assertThat(calls).hasValue(3);
        assertThatThrownBy(() -> Sources.every(Duration.ofMillis(1), 0, calls::incrementAndGet))
                .hasMessage("times must be positive, got 0");
    }

    @Test
    void shouldAskAgainAfterAnOutage() {
        AtomicInteger calls = new AtomicInteger();
        ThrowingSupplier<Integer> supplier = () -> {
            int call = calls.incrementAndGet();
            if (call <= 2) {
                throw new UnavailableException("down");
            }
            return call;
        };
        try (RunningPipeline running = start(Sources.every(Duration.ofMillis(1), supplier))) {
            Await.until("there is an answer", () -> !written.isEmpty());
            assertThat(running.state().isFinal()).isFalse();
        }

        assertThat(written).startsWith(3);
        assertThat(listener.outages)
                .hasSize(2)
                .allMatch(outage -> outage.stage().equals("from"));
    }

    @Test
    void shouldEndInFailureWhenTheSupplierThrows() {
        PipelineFailedException failure = runToFailure(Sources.every(Duration.ofMillis(1), () -> {
            throw new IllegalStateException("broken");
        }));

        assertThat(failure.stage()).contains("from");
        assertThat(failure.getCause()).hasMessage("broken");
    }

    @Test
    void shouldDrainWhileTheSupplierBlocks() {
        CountDownLatch release = new CountDownLatch(1);
        RunningPipeline running = start(Sources.every(Duration.ofMillis(1), () -> {
            release.await();
            return 1;
        }));

        running.close();

        assertThat(running.state().isFinal()).isTrue();
        release.countDown();
    }

    @Test
    void shouldReadAPublisherToItsEnd() throws Exception {
        try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>()) {
            RunningPipeline running = start(Sources.publisher(publisher));
            IntStream.range(0, 2_000).forEach(publisher::submit);
            publisher.close();
            running.awaitTermination();
        }

        assertThat(written).hasSize(2_000).startsWith(0, 1).endsWith(1_999);
    }

    @Test
    void shouldWriteWhatThePublisherGaveBeforeItFailed() {
        Flow.Publisher<Integer> publisher = subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long values) {
                subscriber.onNext(1);
                subscriber.onNext(2);
                subscriber.onError(new Throwable("neither exception nor error"));
            }

            @Override
            public void cancel() {}
        });

        PipelineFailedException failure = runToFailure(Sources.publisher(publisher));

        assertThat(written).containsExactly(1, 2);
        assertThat(failure).hasRootCauseMessage("neither exception nor error");
    }

    @Test
    void shouldAskAPublisherForNoMoreThanItTakes() {
        AtomicLong requested = new AtomicLong();
        AtomicInteger cancels = new AtomicInteger();
        AtomicInteger given = new AtomicInteger();
        ManualSink<Integer> sink = ManualSink.create();
        Flow.Publisher<Integer> publisher = subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long values) {
                requested.addAndGet(values);
                for (int i = 0; i < values; i++) {
                    subscriber.onNext(given.incrementAndGet());
                }
            }

            @Override
            public void cancel() {
                cancels.incrementAndGet();
            }
        });

        RunningPipeline running = Runs.runner()
                .workers(1)
                .maxInFlight(10)
                .start(Pipeline.named("p").from(Sources.publisher(publisher)).to(sink));
        sink.call(0);

        Await.still("it asks for no more", () -> requested.get() <= 30);
        running.abandon();
        Runs.awaitEnd(running);
        assertThat(cancels).hasValue(1);
    }

    @Test
    void shouldRefuseBadArguments() {
        assertThatThrownBy(() -> Sources.every(Duration.ZERO, () -> 1))
                .hasMessage("interval must be positive, got PT0S");
        assertThatThrownBy(() -> Sources.publisher(null)).hasMessage("publisher");
        assertThatThrownBy(() -> Sources.generate(null)).hasMessage("generator");
        assertThatThrownBy(() -> Sources.iterator(null)).hasMessage("iterator");
    }

    private RunningPipeline start(Source<?> source) {
        return Runs.runner()
                .listener(listener)
                .start(Pipeline.named("p").from(source).to(Sinks.into(written)));
    }

    private void run(Source<?> source) {
        Runs.awaitEnd(start(source));
    }

    private PipelineFailedException runToFailure(Source<?> source) {
        RunningPipeline running = start(source);
        Runs.awaitState(running, PipelineState.FAILED);
        return running.failure().orElseThrow();
    }
}
