package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.LocalLookup;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.pipeline.testing.ManualSink;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What cannot be opened is named, and leaves nothing open behind. */
class StartFailureTest {

    private final String name = Runs.uniqueName();
    private final ManualSink<Object> aside = ManualSink.create();
    private final ManualSink<DeadLetter> store = ManualSink.create();
    private final AtomicInteger lookupCloses = new AtomicInteger();
    private final RecordingListener listener = new RecordingListener();

    @AfterEach
    void shouldLeaveNothingBehind() {
        assertThat(Runs.threadsOf(name)).isEmpty();
        assertThat(listener.states).isEmpty();
        assertThat(aside.closes()).isEqualTo(aside.opens());
        assertThat(store.closes()).isEqualTo(store.opens());
    }

    @Test
    void shouldNameTheSinkThatCannotBeOpenedAndCloseWhatWas() {
        assertNotStarted(
                stage(Sources.of("a")).to(cannotOpen(), StageOptions.with().name("table")), "table", "no such host");
        assertThat(aside.opens()).isOne();
        assertThat(lookupCloses).hasValue(1);
    }

    @Test
    void shouldNameTheLookupThatCannotBeOpened() {
        Enricher<String, String> enricher = context -> {
            throw new IOException("no such host");
        };
        assertNotStarted(
                stage(Sources.of("a"))
                        .enrich(enricher, value -> value, (value, answer) -> value)
                        .to(aside),
                "enrich-2",
                "no such host");
    }

    @Test
    void shouldNameTheStageWhoseDeadLetterStoreCannotBeOpened() {
        assertNotStarted(
                stage(Sources.of("a")).to(aside, StageOptions.with().onFailure(FailurePolicy.deadLetter(cannotOpen()))),
                "from",
                "no such host");
    }

    @Test
    void shouldNameTheSourceThatCannotBeOpenedAndCloseWhatWas() {
        Source<String> source = context -> {
            throw new IOException("no such host");
        };
        assertNotStarted(
                stage(source).to(aside, StageOptions.with().onFailure(FailurePolicy.deadLetter(store))),
                "from",
                "no such host");
        assertThat(store.opens()).isOne();
        assertThat(aside.opens()).isEqualTo(2);
        assertThat(lookupCloses).hasValue(1);
    }

    @Test
    void shouldSayWhatOpenedNull() {
        Sink<Object> sink = context -> null;
        Source<String> source = context -> null;
        Enricher<String, String> enricher = context -> null;

        assertNotStarted(stage(Sources.of("a")).to(sink), "to", "the sink opened null");
        assertNotStarted(stage(source).to(aside), "from", "the source opened null");
        assertNotStarted(
                stage(Sources.of("a"))
                        .enrich(enricher, value -> value, (value, answer) -> value)
                        .to(aside),
                "enrich-2",
                "the enricher opened null");
    }

    @Test
    void shouldCloseTheOthersWhenOneCannotBeClosed() {
        Sink<Object> sink = context -> new SinkWriter<>() {
            @Override
            public CompletionStage<WriteResult> write(List<PipelineRecord<Object>> batch) {
                return WriteResult.alreadyWritten();
            }

            @Override
            public void close() throws IOException {
                throw new IOException("broken");
            }
        };

        Runs.run(
                Runs.runner(),
                Pipeline.named(Runs.uniqueName())
                        .from(Sources.<Object>of())
                        .alsoTo(aside)
                        .alsoTo(sink)
                        .to(aside));

        assertThat(aside.opens()).isEqualTo(2);
    }

    @Test
    void shouldRefuseBadOptionsOfTheRunner() {
        PipelineRunner runner = PipelineRunner.create();

        assertThatThrownBy(() -> runner.workers(0)).hasMessage("workers must be positive, got 0");
        assertThatThrownBy(() -> runner.maxInFlight(0)).hasMessage("records must be positive, got 0");
        assertThatThrownBy(() -> runner.maxInFlightBytes(0)).hasMessage("bytes must be positive, got 0");
        assertThatThrownBy(() -> runner.commitInterval(Duration.ZERO))
                .hasMessage("interval must be positive, got PT0S");
        assertThatThrownBy(() -> runner.listener(null)).hasMessage("listener");
        assertThatThrownBy(() -> runner.start(null)).hasMessage("pipeline");
    }

    private Stage<String> stage(Source<String> source) {
        Enricher<String, String> lookup = context -> new CountedLookup();
        return Pipeline.named(name).from(source).alsoTo(aside).enrich(lookup, value -> value, (value, answer) -> value);
    }

    private void assertNotStarted(Pipeline pipeline, String stage, String reason) {
        assertThatThrownBy(() -> Runs.runner().listener(listener).start(pipeline))
                .isInstanceOfSatisfying(PipelineFailedException.class, failure -> {
                    assertThat(failure.pipeline()).isEqualTo(name);
                    assertThat(failure.stage()).contains(stage);
                    assertThat(failure.position()).isEmpty();
                })
                .hasMessage(
                        "pipeline '" + name + "' did not start: stage '" + stage + "' could not be opened: " + reason);
    }

    private static <T> Sink<T> cannotOpen() {
        return context -> {
            throw new IOException("no such host");
        };
    }

    private final class CountedLookup implements LocalLookup<String, String>, Lookup<String, String> {

        @Override
        public Optional<String> get(String key) {
            return Optional.empty();
        }

        @Override
        public void close() {
            lookupCloses.incrementAndGet();
        }
    }
}
