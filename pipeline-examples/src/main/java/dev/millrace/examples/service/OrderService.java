package dev.millrace.examples.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.micrometer.PipelineMetrics;
import dev.millrace.pipeline.runtime.PipelineHealth;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The service itself: a pipeline, and the answers over HTTP that whatever runs the process asks for. */
final class OrderService implements AutoCloseable {

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    /** More than one, so that nobody who reads slowly keeps others from being answered. */
    private static final int THREADS = 4;

    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpServer server;
    private volatile @Nullable RunningPipeline running;
    private volatile boolean isEnding;

    private OrderService(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        // docs:begin
        server.createContext("/live", exchange -> answer(exchange, isFailed() ? UNAVAILABLE : OK, health()));
        server.createContext("/ready", exchange -> answer(exchange, isReady() ? OK : UNAVAILABLE, health()));
        server.createContext("/metrics", exchange -> answer(exchange, OK, metrics.scrape()));
        // docs:end
    }

    /**
     * On that port, or any that is free if it is 0. It lives before it is ready: opening a pipeline may take a while.
     */
    static OrderService start(Pipeline pipeline, Duration drainTimeout, int port) throws IOException {
        OrderService service = new OrderService(HttpServer.create(new InetSocketAddress(port), 0));
        service.server.start();
        try {
            service.running = PipelineRunner.create()
                    .drainTimeout(drainTimeout)
                    .listener(PipelineMetrics.to(service.metrics))
                    .start(pipeline);
            return service;
        } catch (Throwable failure) {
            service.close();
            throw failure;
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    RunningPipeline pipeline() {
        return Objects.requireNonNull(running, "set before anybody has the service");
    }

    private boolean isFailed() {
        RunningPipeline pipeline = running;
        return pipeline != null && pipeline.state() == PipelineState.FAILED;
    }

    // docs:begin
    private boolean isReady() {
        RunningPipeline pipeline = running;
        return pipeline != null && !isEnding && pipeline.health().status() != PipelineHealth.Status.DOWN;
    }
    // docs:end

    private String health() {
        RunningPipeline pipeline = running;
        if (pipeline == null) {
            return "starting\n";
        }
        PipelineHealth health = pipeline.health();
        return health.status() + "\n" + String.join("\n", health.reasons()) + "\n";
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Is not ready from now on, and tells so while the pipeline drains, at most for its drain timeout. */
    // docs:begin
    @Override
    public void close() {
        isEnding = true;
        RunningPipeline pipeline = running;
        if (pipeline != null) {
            pipeline.close();
        }
        server.stop(0);
        threads.shutdown();
    }
    // docs:end
}
