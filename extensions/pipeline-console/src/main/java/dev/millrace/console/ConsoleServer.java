package dev.millrace.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves on loopback, by a few threads. */
final class ConsoleServer implements AutoCloseable {

    private static final Logger LOG = System.getLogger("dev.millrace.console");
    private static final int THREADS = 4;

    private final HttpServer server;
    private final ExecutorService threads;

    private ConsoleServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    static ConsoleServer start(int port, ConsoleApi api) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "the console cannot listen on " + host() + ":" + port + ": " + failure.getMessage(), failure);
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, Threads.daemons("millrace-console-http"));
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, api));
        Threads.callAsDaemon("millrace-console-start", server::start);
        return new ConsoleServer(server, threads);
    }

    private static void answer(HttpExchange exchange, ConsoleApi api) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = api.answer(exchange);
            } catch (IOException | RuntimeException failure) {
                String kind = failure.getClass().getName();
                LOG.log(Level.WARNING, () -> "the console could not answer: " + kind);
                answer = Answer.refused(500, "the console could not answer: " + kind);
            }
            answer.send(exchange);
        }
    }

    URI address() {
        return URI.create("http://" + host() + ":" + server.getAddress().getPort() + "/");
    }

    private static String host() {
        String address = InetAddress.getLoopbackAddress().getHostAddress();
        return address.contains(":") ? "[" + address + "]" : address;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
