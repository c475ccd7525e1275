package dev.millrace.examples.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.http.Http;
import dev.millrace.http.HttpUri;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Function;

/**
 * A service that answers a request by its first line. It logs nothing: the JDK's own server logs requests, and its log
 * would be taken for that of the pipeline.
 */
final class LoopbackService implements AutoCloseable {

    record Answer(int status, String body) {}

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Function<String, Answer> answers;

    LoopbackService(Function<String, Answer> answers) throws IOException {
        this.answers = answers;
        daemon(this::serve);
    }

    HttpUri uri() {
        return Http.uri("http://127.0.0.1:" + socket.getLocalPort() + "/orders");
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                daemon(() -> answer(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    }

    private void answer(Socket connection) {
        try (connection;
                BufferedReader request =
                        new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8))) {
            String first = String.valueOf(request.readLine());
            String header = first;
            while (header != null && !header.isEmpty()) {
                header = request.readLine();
            }
            Answer answer = answers.apply(first);
            byte[] body = answer.body().getBytes(UTF_8);
            String head = "HTTP/1.1 " + answer.status() + " \r\nContent-Length: " + body.length
                    + "\r\nRetry-After: 0\r\nConnection: close\r\n\r\n";
            connection.getOutputStream().write(head.getBytes(UTF_8));
            connection.getOutputStream().write(body);
        } catch (IOException gone) {
            // Whoever asked is told so by the connection.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
