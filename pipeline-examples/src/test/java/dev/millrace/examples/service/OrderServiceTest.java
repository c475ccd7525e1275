package dev.millrace.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.examples.TestServers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineState;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class OrderServiceTest {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final List<Order> written = new CopyOnWriteArrayList<>();

    @Test
    void shouldLiveAndBeReadyAndTellItsMetricsWhileItRuns() throws Exception {
        open.countDown();
        try (OrderService service = start(heldUp())) {
            assertThat(get(service, "live").statusCode()).isEqualTo(200);
            assertThat(get(service, "ready").statusCode()).isEqualTo(200);
            await(() -> get(service, "metrics").body().contains("millrace_pipeline_done"));
            assertThat(get(service, "metrics").body()).contains("pipeline=\"orders\"");
        }
    }

    @Test
    void shouldLiveAndNotBeReadyWhileItDrainsAndWriteAllThatItHasRead() throws Exception {
        OrderService service = start(heldUp());
        writing.await();
        Thread closing = new Thread(service::close, "closing");
        closing.start();

        await(() -> get(service, "ready").statusCode() == 503);
        assertThat(get(service, "live").statusCode()).isEqualTo(200);
        assertThat(written).isEmpty();

        open.countDown();
        closing.join();
        assertThat(service.pipeline().state()).isEqualTo(PipelineState.STOPPED);
        assertThat(written).hasSize((int) service.pipeline().stats().recordsRead());
        assertThatThrownBy(() -> get(service, "live")).isInstanceOf(IOException.class);
    }

    /** It is at its first write until told otherwise. */
    private Pipeline heldUp() {
        return Pipeline.named("orders")
                .from(Sources.every(Duration.ofMillis(1), () -> Order.sample(1)))
                .to(Sinks.forEach(order -> {
                    writing.countDown();
                    open.await();
                    written.add(order);
                }));
    }

    @Test
    void shouldNotLiveAnyMoreOnceThePipelineHasFailedAndTellWhyWithoutPayload() throws Exception {
        Pipeline failing = Pipeline.named("orders").from(Sources.of(1)).to(Sinks.forEach(number -> {
            throw new IllegalArgumentException("customer-4711");
        }));
        try (OrderService service = start(failing)) {
            assertThatThrownBy(() -> service.pipeline().awaitTermination()).isInstanceOf(PipelineFailedException.class);

            assertThat(get(service, "ready").statusCode()).isEqualTo(503);
            HttpResponse<String> live = get(service, "live");
            assertThat(live.statusCode()).isEqualTo(503);
            assertThat(live.body()).contains("DOWN", "IllegalArgumentException").doesNotContain("customer-4711");
        }
    }

    @Test
    void shouldStartNoPipelineWhereItCannotAnswer() throws Exception {
        try (OrderService service = start(heldUp())) {
            open.countDown();
            assertThatThrownBy(() -> OrderService.start(heldUp(), PATIENCE, service.port()))
                    .isInstanceOf(BindException.class);
        }
    }

    private static OrderService start(Pipeline pipeline) throws IOException {
        return OrderService.start(pipeline, PATIENCE, 0);
    }

    private interface Question {
        boolean isAnswered() throws Exception;
    }

    private static void await(Question question) {
        TestServers.await(() -> {
            try {
                return question.isAnswered();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private HttpResponse<String> get(OrderService service, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + service.port() + "/" + path))
                        .timeout(PATIENCE)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
