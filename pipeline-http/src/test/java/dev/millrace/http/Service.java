package dev.millrace.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A real HTTP server that answers as a test says, and keeps what it was asked. */
final class Service implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final String scheme;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Headers> headers = new CopyOnWriteArrayList<>();

    Service(HttpHandler handler) throws IOException {
        this(HttpServer.create(), "http", handler);
    }

    Service(HttpServer server, String scheme, HttpHandler handler) throws IOException {
        this.server = server;
        this.scheme = scheme;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            headers.add(exchange.getRequestHeaders());
            try (exchange) {
                handler.handle(exchange);
            }
        });
        server.start();
    }

    /** Answers each request alike. */
    static Service answering(int status, String body, String... header) throws IOException {
        return new Service(exchange -> {
            if (header.length > 0) {
                exchange.getResponseHeaders().add(header[0], header[1]);
            }
            answer(exchange, status, body);
        });
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    /** Writes without end; counts down once the other side has gone away. */
    static HttpHandler endless(int status, CountDownLatch brokenOff, long pauseMillis) {
        return exchange -> {
            try (OutputStream body = bodyOf(exchange, status)) {
                while (true) {
                    body.write(new byte[8_192]);
                    body.flush();
                    if (pauseMillis > 0 && brokenOff.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            } catch (IOException gone) {
                brokenOff.countDown();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static OutputStream bodyOf(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, 0);
        return exchange.getResponseBody();
    }

    URI uri(String pathAndQuery) {
        return URI.create(address() + pathAndQuery);
    }

    String address() {
        return scheme + "://localhost:" + server.getAddress().getPort();
    }

    /** Paths and queries, in the order in which they came. */
    List<String> asked() {
        return asked;
    }

    List<String> header(String name) {
        return headers.stream().map(all -> String.valueOf(all.getFirst(name))).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
