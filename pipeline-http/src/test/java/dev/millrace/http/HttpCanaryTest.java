package dev.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** I8: a key in a query, a user, a header or a body that says CANARY is nowhere told, whatever goes wrong. */
class HttpCanaryTest {

    private static final String CANARY = "CANARY";

    private final ObjectMapper mapper = new ObjectMapper();
    private final Logger root = Logger.getLogger("");
    private final Logger millrace = Logger.getLogger("dev.millrace");
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final CountDownLatch hasFailed = new CountDownLatch(1);
    private final Handler handler = new Handler() {

        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            told.add(formatter.format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private final PipelineListener listener = new PipelineListener() {

        @Override
        public void onUnavailable(String pipeline, String stage, Duration delay, Throwable cause) {
            tell(cause);
        }

        @Override
        public void onSkip(String pipeline, String stage, SourcePosition record, Throwable cause) {
            tell(cause);
        }
    };

    @BeforeEach
    void listen() {
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        millrace.setLevel(Level.ALL);
    }

    @AfterEach
    void listenNoMore() {
        millrace.setLevel(null);
        root.removeHandler(handler);
    }

    private void tell(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        told.add(trace.toString());
        hasFailed.countDown();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 400, 401, 404, 429, 500, 503})
    void shouldTellNeitherKeyNorBodyWhenTheServiceAnswersSo(int status) throws Exception {
        try (Service service = Service.answering(status, CANARY + "{", "Location", "/" + CANARY + " ^")) {
            run(service.address(), "?appid=" + CANARY);
        }
        assertToldNoCanary(
                switch (status) {
                    case 200 -> "JsonParseException";
                    case 302 -> "/weather redirects to nowhere";
                    case 404 -> "STOPPED";
                    default -> "/weather answers " + status;
                });
    }

    @Test
    void shouldTellNeitherKeyNorBodyWhenTheAnswerIsNoHttp() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> answerRubbish(socket));
            server.setDaemon(true);
            server.start();
            run("http://" + CANARY + ":" + CANARY + "@localhost:" + socket.getLocalPort(), "?appid=" + CANARY);
        }
        assertToldNoCanary("/weather cannot be asked");
    }

    private void answerRubbish(ServerSocket socket) {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept();
                    OutputStream out = connection.getOutputStream()) {
                out.write((CANARY + " " + CANARY + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
                connection.shutdownOutput();
                connection.getInputStream().readAllBytes();
            } catch (IOException gone) {
                told.add("a connection was closed");
            }
        }
    }

    @Test
    void shouldNotTellTheKeyWhenNobodyAnswersInTime() throws Exception {
        CountDownLatch forEver = new CountDownLatch(1);
        try (Service service = new Service(exchange -> {
            try {
                forEver.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        })) {
            run(service.address(), "?appid=" + CANARY, Duration.ofMillis(100));
        }
        assertToldNoCanary("/weather gives no answer within PT0.1S");
    }

    @Test
    void shouldNotTellTheKeyWhenTheUriIsMalformed() throws Exception {
        run("http://localhost:1", "?q=New York&appid=" + CANARY);

        assertToldNoCanary("java.lang.IllegalArgumentException");
    }

    private void run(String address, String query) throws Exception {
        run(address, query, Duration.ofMinutes(1));
    }

    /** Until something has gone wrong, or all is done. */
    private void run(String address, String query, Duration timeout) throws Exception {
        HttpLookup<Object, JsonNode> lookup = Http.lookup(
                        key -> URI.create(address + "/weather" + query), mapper::readTree)
                .header("Authorization", CANARY)
                .timeout(timeout);
        Pipeline pipeline = Pipeline.named("canary")
                .from(Sources.of(CANARY))
                .enrichOrDrop(
                        lookup,
                        key -> key,
                        (key, answer) -> answer,
                        StageOptions.with().onFailure(FailurePolicy.skip()))
                .to(Sinks.discard());
        told.add(pipeline.describe() + pipeline + lookup);
        try (RunningPipeline running =
                PipelineRunner.create().listener(listener).start(pipeline)) {
            long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
            while (hasFailed.getCount() > 0 && !running.awaitTermination(Duration.ofMillis(10))) {
                assertThat(System.nanoTime() - deadline).as(running.explain()).isNegative();
                told.add(running.explain());
            }
            running.abandon();
            running.awaitTermination();
            told.add(running.explain() + running.stats());
        } catch (PipelineFailedException failed) {
            tell(failed);
        }
    }

    private void assertToldNoCanary(String happened) {
        assertThat(told)
                .noneMatch(text -> text.contains(CANARY))
                .anyMatch(text -> text.contains("[canary"))
                .anyMatch(text -> text.contains(happened));
    }
}
