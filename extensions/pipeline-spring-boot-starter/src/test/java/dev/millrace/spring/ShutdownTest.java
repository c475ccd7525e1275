package dev.millrace.spring;

import static dev.millrace.spring.TestPipelines.awaitEnd;
import static dev.millrace.spring.TestPipelines.bounded;
import static dev.millrace.spring.TestPipelines.endless;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Source;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;

/** How pipelines end with the application. */
class ShutdownTest {

    private final ApplicationContextRunner application = TestPipelines.application();

    /** Lets writes through. */
    private final CountDownLatch open = new CountDownLatch(1);

    private final CountDownLatch writing = new CountDownLatch(1);
    private final List<Integer> written = new CopyOnWriteArrayList<>();
    private final AtomicReference<RunningPipeline> started = new AtomicReference<>();

    @Test
    void shouldWaitUntilAllThatIsInFlightIsWritten() {
        application
                .withPropertyValues(
                        "spring.lifecycle.timeout-per-shutdown-phase=5m", "millrace.runner.drain-timeout=5m")
                .withBean(Pipeline.class, this::heldUp)
                .withBean(PipelineListener.class, this::opensWhenDraining)
                .run(context -> {
                    started.set(running(context.getBean(RunningPipelines.class)));
                    writing.await();
                    assertThat(written).isEmpty();
                });

        assertThat(started.get().state()).isEqualTo(PipelineState.STOPPED);
        assertThat(started.get().stats().recordsInFlight()).isZero();
        assertThat(written).isNotEmpty().hasSize((int) started.get().stats().recordsRead());
    }

    @Test
    void shouldAbandonWhatTakesLongerThanTheApplicationWaits() {
        application
                .withPropertyValues(
                        "spring.lifecycle.timeout-per-shutdown-phase=1ms", "millrace.runner.drain-timeout=1h")
                .withBean(Pipeline.class, this::heldUp)
                .run(context -> {
                    started.set(running(context.getBean(RunningPipelines.class)));
                    writing.await();
                });

        assertThat(started.get().state()).isIn(PipelineState.ABANDONING, PipelineState.STOPPED);
        assertThat(written).isEmpty();
        open.countDown();
        awaitEnd(started.get());
        assertThat(started.get().state()).isEqualTo(PipelineState.STOPPED);
    }

    /** It reads one after the other, and is at its first write until told otherwise. */
    private Pipeline heldUp() {
        return Pipeline.named("held-up")
                .from(Sources.every(Duration.ofMillis(1), () -> 1))
                .to(Sinks.forEach(number -> {
                    writing.countDown();
                    open.await();
                    written.add(number);
                }));
    }

    private PipelineListener opensWhenDraining() {
        return new PipelineListener() {
            @Override
            public void onStateChange(String pipeline, PipelineState state) {
                if (state == PipelineState.DRAINING) {
                    open.countDown();
                }
            }
        };
    }

    @Test
    void shouldEndBeforeWhatItUsesAndStartAfterIt() {
        List<String> order = new CopyOnWriteArrayList<>();
        application
                .withBean(SmartLifecycle.class, () -> new WebServer(order, started::get))
                .withBean(
                        Pipeline.class,
                        () -> Pipeline.named("ticks")
                                .from(told(order, Sources.every(Duration.ofMillis(1), () -> 1)))
                                .to(Sinks.discard()))
                .run(context -> started.set(running(context.getBean(RunningPipelines.class))));

        assertThat(order).containsExactly("server started", "source opened", "server stopped after STOPPED");
    }

    private static <T> Source<T> told(List<String> order, Source<T> source) {
        return context -> {
            order.add("source opened");
            return source.open(context);
        };
    }

    private static final class WebServer implements SmartLifecycle {

        private final List<String> order;
        private final Supplier<RunningPipeline> pipeline;
        private volatile boolean isRunning;

        WebServer(List<String> order, Supplier<RunningPipeline> pipeline) {
            this.order = order;
            this.pipeline = pipeline;
        }

        @Override
        public void start() {
            order.add("server started");
            isRunning = true;
        }

        @Override
        public void stop() {
            order.add("server stopped after " + pipeline.get().state());
            isRunning = false;
        }

        @Override
        public boolean isRunning() {
            return isRunning;
        }

        @Override
        public int getPhase() {
            return DEFAULT_PHASE - 1024; // that of the one that ends in good order
        }
    }

    @Test
    void shouldStartAgainWithAContextThatWasStopped() {
        application.withBean(Pipeline.class, () -> endless("ticks")).run(context -> {
            RunningPipelines pipelines = context.getBean(RunningPipelines.class);
            RunningPipeline first = running(pipelines);

            context.stop();

            assertThat(first.state()).isEqualTo(PipelineState.STOPPED);
            assertThatThrownBy(() -> pipelines.start("ticks"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("pipeline 'ticks' cannot be started: the application has not started, or is stopping");

            context.start();

            assertThat(running(pipelines)).isNotSameAs(first);
            assertThat(running(pipelines).state()).isEqualTo(PipelineState.RUNNING);
        });
    }

    @Test
    void shouldEndWithPipelinesThatHaveEndedBefore() {
        application.withBean(Pipeline.class, () -> bounded("short")).run(context -> {
            started.set(running(context.getBean(RunningPipelines.class)));
            awaitEnd(started.get());
        });

        assertThat(started.get().stats().recordsDone()).isEqualTo(3);
    }

    private static RunningPipeline running(RunningPipelines pipelines) {
        return pipelines.find(pipelines.names().iterator().next()).orElseThrow();
    }
}
