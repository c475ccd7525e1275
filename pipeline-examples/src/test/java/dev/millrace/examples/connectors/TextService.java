package dev.millrace.examples.connectors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;

/** Has a text for some keys, at an address of its own. */
final class TextService implements AutoCloseable {

    private final HttpServer server;
    private volatile boolean isAway;

    private TextService(HttpServer server) {
        this.server = server;
    }

    static TextService of(Map<String, String> texts) throws IOException {
        TextService service =
                new TextService(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        service.server.createContext("/texts/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                String text = texts.get(path.substring(path.lastIndexOf('/') + 1));
                byte[] body = String.valueOf(text).getBytes(UTF_8);
                exchange.sendResponseHeaders(service.isAway ? 503 : text == null ? 404 : 200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        service.server.start();
        return service;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/texts/");
    }

    void isAway(boolean isAway) {
        this.isAway = isAway;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
