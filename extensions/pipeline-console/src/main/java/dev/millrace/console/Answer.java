package dev.millrace.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;

/** What a request is answered by. */
record Answer(int status, String type, byte[] body, Map<String, String> headers) {

    /** Nothing of others, nothing inline, in no frame of others; and nothing is kept by the browser. */
    private static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Cache-Control",
            "no-store",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Referrer-Policy",
            "no-referrer",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY");

    static Answer of(String type, byte[] body) {
        return new Answer(200, type, body, Map.of());
    }

    static Answer json(byte[] body) {
        return of("application/json", body);
    }

    static Answer done() {
        return new Answer(204, "", new byte[0], Map.of());
    }

    /** That it is not to be had, and why. */
    static Answer refused(int status, String reason) {
        return new Answer(status, "text/plain; charset=utf-8", (reason + "\n").getBytes(UTF_8), Map.of());
    }

    static Answer onlyBy(String methods) {
        Answer refused = refused(405, "only by " + methods);
        return new Answer(refused.status, refused.type, refused.body, Map.of("Allow", methods));
    }

    void send(HttpExchange exchange) throws IOException {
        Headers sent = exchange.getResponseHeaders();
        ALWAYS.forEach(sent::set);
        headers.forEach(sent::set);
        if (body.length == 0) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        sent.set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            sent.set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
