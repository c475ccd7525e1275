package dev.millrace.examples.weather;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service that answers for each city as a test says. */
final class TestService implements AutoCloseable {

    private static final Pattern CITY = Pattern.compile("id=(\\d+)&appid=.*");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    interface Answer {

        void to(int city, HttpExchange exchange) throws IOException;
    }

    TestService(Answer answer) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/data/2.5/weather", exchange -> {
            Matcher city = CITY.matcher(String.valueOf(exchange.getRequestURI().getQuery()));
            try (exchange) {
                if (city.matches()) {
                    answer.to(Integer.parseInt(city.group(1)), exchange);
                }
            }
        });
        server.setExecutor(threads);
        server.start();
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
