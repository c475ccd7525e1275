package dev.millrace.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.examples.ExamplePage;
import dev.millrace.files.Csv;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Preview;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page that one begins with. */
@Timeout(120)
class GettingStartedGuideTest {

    private static final ExamplePage PAGE = ExamplePage.ofDocs("getting-started");

    @TempDir
    private Path directory;

    @Test
    void shouldPrintWhatThePageShows() throws Exception {
        Path file = directory.resolve("orders.csv");
        Files.writeString(file, PAGE.blocks("csv").get(0));

        assertThat(Printed.by(() -> runFirst(file)))
                .isEqualTo(PAGE.blocks("text").get(0));
    }

    private static void runFirst(Path file) throws InterruptedException {
        // docs:begin
        Pipeline orders = Pipeline.named("orders")
                .from(Csv.source(file, Order.class))
                .filter(order -> order.pieces() > 0)
                .to(Sinks.table(System.out).width(80));

        try (RunningPipeline running = PipelineRunner.create().start(orders)) {
            running.awaitTermination();
        }
        // docs:end
    }

    @Test
    void shouldRunAsPartOfAService() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        Pipeline orders = Pipeline.named("orders")
                .from(Sources.every(Duration.ofMillis(1), () -> new Order("ada", "lamp", 2)))
                .to(Sinks.forEach(order -> written.countDown()));

        OrderIntake intake = new OrderIntake(orders);
        written.await();

        assertThat(intake.isAlive()).isTrue();
        intake.close();
        assertThat(intake.running.state()).isEqualTo(PipelineState.STOPPED);
        assertThat(intake.isAlive()).isFalse();
    }

    // docs:begin
    /** Made and closed by whatever makes and closes the other parts of the service. */
    static final class OrderIntake implements AutoCloseable {

        private final RunningPipeline running;

        OrderIntake(Pipeline orders) {
            running = PipelineRunner.create().start(orders);
        }

        boolean isAlive() {
            return !running.state().isFinal();
        }

        @Override
        public void close() {
            running.close();
        }
    }
    // docs:end

    @Test
    void shouldRunAsAProgramOfItsOwn() throws Exception {
        List<Integer> written = new ArrayList<>();

        runAsProgram(Pipeline.named("numbers").from(Sources.of(1, 2, 3)).to(Sinks.into(written)));

        assertThat(written).containsExactly(1, 2, 3);
    }

    private static void runAsProgram(Pipeline orders) throws InterruptedException {
        // docs:begin
        RunningPipeline running = PipelineRunner.create().start(orders);
        Runtime.getRuntime().addShutdownHook(new Thread(running::close));
        running.awaitTermination();
        // docs:end
    }

    @Test
    void shouldTellOfAFailure() throws Exception {
        CompletableFuture<PipelineFailedException> told = new CompletableFuture<>();
        Pipeline failing = Pipeline.named("orders")
                .from(Sources.of(new Order("ada", "lamp", 2)))
                .map(order -> Integer.valueOf(order.product()))
                .to(Sinks.discard());

        RunningPipeline running = startWithAlarm(failing, told::complete);

        assertThat(told.get().stage()).contains("map");
        assertThat(told.get().position()).contains(SourcePosition.of("0", 0));
        assertThat(told.get()).hasCauseInstanceOf(NumberFormatException.class);
        running.close();
        assertThat(running.state()).isEqualTo(PipelineState.FAILED);
    }

    private static RunningPipeline startWithAlarm(Pipeline orders, Consumer<PipelineFailedException> alarm) {
        // docs:begin
        PipelineListener onFailure = new PipelineListener() {
            @Override
            public void onStateChange(RunningPipeline running, PipelineState state) {
                running.failure()
                        .filter(failure -> state == PipelineState.FAILED)
                        .ifPresent(alarm);
            }
        };
        return PipelineRunner.create().listener(onFailure).start(orders);
        // docs:end
    }

    // docs:begin
    static Pipeline accepted(Source<Order> orders, Sink<Order> store) {
        return Pipeline.named("orders")
                .from(orders)
                .filter(order -> order.pieces() > 0)
                .to(store);
    }
    // docs:end

    @Test
    void shouldStoreWhatIsAccepted() throws InterruptedException {
        // docs:begin
        List<Order> stored = new ArrayList<>();
        Source<Order> two = Sources.of(new Order("ada", "lamp", 2), new Order("bob", "desk", 0));

        try (RunningPipeline running = PipelineRunner.create().start(accepted(two, Sinks.into(stored)))) {
            running.awaitTermination();
            assertThat(running.stats().stage("filter").dropped()).isEqualTo(1);
        }
        assertThat(stored).containsExactly(new Order("ada", "lamp", 2));
        // docs:end
    }

    @Test
    void shouldShowWhatEachStageDoes() {
        Source<Order> two = Sources.of(new Order("ada", "lamp", 2), new Order("bob", "desk", 0));
        // docs:begin
        Preview preview = accepted(two, Sinks.discard()).preview(10, Duration.ofMinutes(1));
        assertThat(preview.record(SourcePosition.of("0", 1)).at("filter")).containsExactly(new Preview.Dropped());
        // docs:end
    }
}
