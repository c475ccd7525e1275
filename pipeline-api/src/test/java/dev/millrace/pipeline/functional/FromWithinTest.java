package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Stage;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.pipeline.testing.ManualSource;
import dev.millrace.pipeline.testing.Runs;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A pipeline may be ended, and waited for, from within any of its own functions. */
@Timeout(120)
class FromWithinTest {

    /** What a function asks of the pipeline that it runs in. */
    enum Asking {
        CLOSE {
            @Override
            void ask(RunningPipeline running) {
                running.close();
            }
        },
        DRAIN {
            @Override
            void ask(RunningPipeline running) {
                running.drain();
            }
        },
        ABANDON {
            @Override
            void ask(RunningPipeline running) {
                running.abandon();
            }
        },
        AWAIT {
            @Override
            void ask(RunningPipeline running) throws InterruptedException {
                running.drain();
                running.awaitTermination();
                running.awaitTermination(Duration.ofSeconds(30));
            }
        },
        PAUSE {
            @Override
            void ask(RunningPipeline running) {
                running.pause();
                running.resume();
                running.pause();
                running.drain();
            }
        },
        HEALTH {
            @Override
            void ask(RunningPipeline running) {
                assertThat(running.health()).isNotNull();
                running.drain();
            }
        },
        EXPLAIN {
            @Override
            void ask(RunningPipeline running) {
                assertThat(running.explain()).isNotBlank();
                assertThat(running.stats().recordsRead()).isNotNegative();
                running.drain();
            }
        };

        abstract void ask(RunningPipeline running) throws InterruptedException;
    }

    /** Where it asks. */
    enum Place {
        MAP((stage, asking) -> stage.map(asking::ask)),
        PEEK((stage, asking) -> stage.peek(record -> asking.ask(record.value()))),
        LOOKUP((stage, asking) -> stage.enrich(
                Enrichers.<String, String>local(key -> Optional.of(asking.ask(key))),
                value -> value,
                (value, answer) -> value)),
        ASYNC_LOOKUP((stage, asking) -> stage.enrich(
                Enrichers.<String, String>async(key -> CompletableFuture.completedFuture(Optional.of(asking.ask(key)))),
                value -> value,
                (value, answer) -> value)),
        BLOCKING_LOOKUP((stage, asking) -> stage.enrich(
                Enrichers.<String, String>blocking(key -> Optional.of(asking.ask(key))),
                value -> value,
                (value, answer) -> value)),
        WRITER((stage, asking) -> stage.alsoTo(context -> batch -> {
            asking.ask(batch.get(0).value());
            return WriteResult.alreadyWritten();
        })),
        FOR_EACH((stage, asking) -> stage.alsoTo(Sinks.forEach(asking::ask)));

        @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
        private final BiFunction<Stage<String>, Question, Stage<String>> how;

        Place(BiFunction<Stage<String>, Question, Stage<String>> how) {
            this.how = how;
        }
    }

    /** A function that asks and gives back what it got. */
    @FunctionalInterface
    private interface Question {
        String ask(String value) throws Exception;
    }

    static Stream<Arguments> all() {
        return Stream.of(Place.values())
                .flatMap(place -> Stream.of(Asking.values()).map(asking -> Arguments.of(place, asking)));
    }

    private final ManualSource<String> source = ManualSource.pausable();
    private final CompletableFuture<RunningPipeline> started = new CompletableFuture<>();

    @ParameterizedTest
    @MethodSource("all")
    void shouldEndWithoutWaitingForItself(Place place, Asking asking) {
        Question question = value -> {
            asking.ask(started.join());
            return value;
        };
        source.feed("p", 0, "a");

        RunningPipeline running = start(
                Runs.runner().drainTimeout(Duration.ofSeconds(30)),
                place.how.apply(Pipeline.named("p").from(source), question));

        Runs.awaitEnd(running);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(source.closes()).isOne();
    }

    @Test
    void shouldEndWhenAListenerClosesIt() {
        PipelineListener closer = new PipelineListener() {
            @Override
            public void onStateChange(String pipeline, PipelineState state) {
                if (state != PipelineState.RUNNING) {
                    started.join().close();
                }
            }
        };
        source.feed("p", 0, "a").end();

        RunningPipeline running =
                start(Runs.runner().listener(closer), Pipeline.named("p").from(source));

        Runs.awaitEnd(running);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
    }

    /** By the thread that has asked for the drain, which is none of the engine's. */
    @Test
    void shouldNotWaitForItselfWhenAListenerThatIsToldOfTheDrainAwaitsTheEnd() {
        PipelineListener awaiting = new PipelineListener() {
            @Override
            public void onStateChange(RunningPipeline running, PipelineState state) {
                if (state == PipelineState.DRAINING) {
                    running.close();
                }
            }
        };
        RunningPipeline running =
                start(Runs.runner().listener(awaiting), Pipeline.named("p").from(source));

        running.close();

        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
    }

    /** A listener is told of a failure in the midst of what the engine does about it. */
    @ParameterizedTest
    @EnumSource
    void shouldEndWhenAskedByAListenerThatHearsOfAFailure(Asking asking) {
        PipelineListener closer = new PipelineListener() {
            @Override
            public void onSkip(String pipeline, String stage, SourcePosition record, Throwable cause) {
                ask();
            }

            @Override
            public void onUnavailable(String pipeline, String stage, Duration delay, Throwable cause) {
                ask();
            }

            private void ask() {
                try {
                    asking.ask(started.join());
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
            }
        };
        source.feed("p", 0, "bad").feed("p", 1, "good");
        AtomicBoolean isDown = new AtomicBoolean(true);

        RunningPipeline running = Runs.runner()
                .drainTimeout(Duration.ofSeconds(30))
                .listener(closer)
                .start(Pipeline.named("p")
                        .from(source)
                        .filter(value -> {
                            if (value.equals("bad")) {
                                throw new IllegalStateException("bad");
                            }
                            return true;
                        })
                        .to(
                                context -> batch -> {
                                    if (isDown.getAndSet(false)) {
                                        throw new UnavailableException("down");
                                    }
                                    return WriteResult.alreadyWritten();
                                },
                                StageOptions.with()
                                        .onFailure(FailurePolicy.skip())
                                        .retry(RetryPolicy.fixed(Duration.ofMillis(1)))));
        started.complete(running);

        Runs.awaitEnd(running);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(source.closes()).isOne();
    }

    @Test
    void shouldEndWhenTheReaderClosesIt() {
        RunningPipeline running = start(Runs.runner(), Pipeline.named("p").from(source));

        source.within(context -> started.join().close());

        Runs.awaitEnd(running);
        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
    }

    private RunningPipeline start(PipelineRunner runner, Stage<String> stage) {
        RunningPipeline running = runner.start(stage.to(Sinks.discard()));
        started.complete(running);
        return running;
    }
}
