package dev.millrace.console;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may look, who may change something, and what is left behind. */
@Timeout(300)
class ConsoleAccessTest {

    private final Set<Thread> before = threads();
    private final FedSource source = new FedSource();
    private final RunningConsole console = Ports.start(PipelineConsole.create(), new ThreadedBeat());
    private final Shown shown = new Shown(console);
    private final RunningConsole controlling =
            PipelineConsole.create().allowControl().start();
    private final RunningPipeline running = PipelineRunner.create()
            .listener(console)
            .listener(controlling)
            .start(Pipeline.named("numbers").from(source).to(Sinks.discard()));

    @AfterEach
    void close() {
        running.close();
        console.close();
        controlling.close();
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    /** The status of what is answered to such a request, made by hand: a client would not let us say another host. */
    private int status(String... lines) throws IOException {
        return Integer.parseInt(answer(lines).split(" ", 3)[1]);
    }

    private String answer(String... lines) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), console.address().getPort())) {
            socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:7070", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8080"})
    void shouldAnswerToNamesOfLoopback(String host) throws IOException {
        assertThat(status("GET /api/pipelines HTTP/1.1", "Host: " + host, "Connection: close"))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", ""})
    void shouldNotAnswerToOtherNames(String host) throws IOException {
        assertThat(status("GET / HTTP/1.1", "Host: " + host, "Connection: close"))
                .isEqualTo(403);
        assertThat(status("GET /api/pipelines/1 HTTP/1.1", "Host: " + host, "Connection: close"))
                .isEqualTo(403);
    }

    @Test
    void shouldListenOnLoopbackOnly() throws Exception {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        assertThat(InetAddress.getByName(console.address().getHost()).isLoopbackAddress())
                .isTrue();
        for (InetAddress other : others) {
            try (Socket socket = new Socket()) {
                InetSocketAddress there =
                        new InetSocketAddress(other, console.address().getPort());
                assertThatThrownBy(() -> socket.connect(there, 10_000))
                        .as("from %s", other)
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/console.css", "/icon.svg", "/console.js", "/api/pipelines", "/api/pipelines/1"})
    void shouldAnswerWithAStrictPolicyToGetAndHead(String path) throws Exception {
        HttpResponse<String> answer = shown.get(path);
        HttpResponse<String> head = shown.send("HEAD", path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isNotEmpty();
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        for (HttpResponse<String> each : List.of(answer, head)) {
            assertThat(each.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'; script-src 'self';")
                    .doesNotContain("unsafe", "http:", "https:", "*");
            assertThat(each.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(each.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(each.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
        }
    }

    @Test
    void shouldServeEveryFileThatThePageNames() throws Exception {
        Set<String> files = new HashSet<>();
        Matcher named = Pattern.compile("(?:href|src)=\"([^\"#]+)\"")
                .matcher(shown.get("/").body());
        while (named.find()) {
            files.add(named.group(1));
        }
        Matcher imported = Pattern.compile("from \"\\./([^\"]+)\"")
                .matcher(shown.get("/console.js").body());
        while (imported.find()) {
            files.add(imported.group(1));
        }
        assertThat(files).hasSizeGreaterThan(8);
        for (String file : files) {
            assertThat(shown.get("/" + file).statusCode()).as(file).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/page/index.html",
                "/../PipelineConsole.class",
                "/api",
                "/api/pipelines/2",
                "/api/pipelines/",
                "/api/pipelines/1/stop",
                "/api/pipelines/1/pause/2",
                "/api/pipelinesque"
            })
    void shouldSayWhatIsNotThere(String path) throws Exception {
        assertThat(shown.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void shouldAnswerWhateverTheLengthOfPathAndQuery() throws Exception {
        String endless = "9".repeat(100_000);
        assertThat(shown.get("/api/pipelines/" + endless).statusCode()).isEqualTo(404);
        assertThat(shown.get("/api/pipelines/1?after=" + "9".repeat(18)).statusCode())
                .isEqualTo(200);
        assertThat(shown.get("/api/pipelines/1?after=" + endless).statusCode()).isEqualTo(200);
    }

    @Test
    void shouldAnswerToNoMoreHeadersThanTheServerOfTheJdkTakes() throws Exception {
        assertThat(status(requestWithHeaders(100))).isEqualTo(200);
        // Whether it is told why is up to the server, and whether it hears that before the connection is reset.
        try {
            assertThat(answer(requestWithHeaders(10_000))).doesNotStartWith("HTTP/1.1 200");
        } catch (IOException closed) {
            assertThat(closed).isInstanceOf(SocketException.class);
        }
        assertThat(status(requestWithHeaders(100))).as("afterwards to others").isEqualTo(200);
    }

    private static String[] requestWithHeaders(int count) {
        List<String> lines = new ArrayList<>(List.of("GET / HTTP/1.1", "Host: localhost", "Connection: close"));
        for (int i = 0; i < count; i++) {
            lines.add("X-" + i + ": x");
        }
        return lines.toArray(String[]::new);
    }

    @Test
    void shouldSayByWhichMethods() throws Exception {
        for (String path : List.of("/", "/api/pipelines", "/api/pipelines/1")) {
            HttpResponse<String> answer = shown.send("POST", path);
            assertThat(answer.statusCode()).as(path).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
        }
        HttpResponse<String> answer = shown.send("GET", "/api/pipelines/1/drain");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume", "drain"})
    void shouldChangeNothingWhereThatIsNotAllowed(String action) throws Exception {
        assertThat(shown.json("/api/pipelines/1").has("token")).isFalse();
        String token =
                new Shown(controlling).json("/api/pipelines/1").get("token").asText();

        HttpResponse<String> answer = shown.send("POST", "/api/pipelines/1/" + action, Guard.TOKEN_HEADER, token);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("allowControl()");
        assertThat(running.isPaused()).isFalse();
        assertThat(running.state()).isEqualTo(PipelineState.RUNNING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Other: x", "X-Millrace-Token: wrong", "TOKEN|Origin: http://evil.example",
                "TOKEN|Origin: null", "TOKEN|Sec-Fetch-Site: cross-site", "TOKEN|Sec-Fetch-Site: same-site"
            })
    void shouldChangeNothingForThePagesOfOthers(String headers) throws Exception {
        Shown there = new Shown(controlling);
        String token = there.json("/api/pipelines/1").get("token").asText();
        String[] given = Stream.of(headers.replace("TOKEN", Guard.TOKEN_HEADER + ": " + token)
                        .split("[|]"))
                .flatMap(header -> Stream.of(header.split(": ")))
                .toArray(String[]::new);

        assertThat(there.send("POST", "/api/pipelines/1/pause", given).statusCode())
                .isEqualTo(403);
        assertThat(running.isPaused()).isFalse();
    }

    @Test
    void shouldTellThePagesOfOthersNothing() throws Exception {
        assertThat(shown.send("GET", "/api/pipelines/1", "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(shown.send("GET", "/", "Sec-Fetch-Site", "cross-site").statusCode())
                .as("a link leads here")
                .isEqualTo(200);
    }

    @Test
    void shouldPauseResumeAndDrainForItsOwnPage() throws Exception {
        Shown there = new Shown(controlling);
        assertThat(act(there, "pause")).isEqualTo(204);
        assertThat(running.isPaused()).isTrue();
        assertThat(there.json("/api/pipelines/1").get("paused").asBoolean()).isTrue();
        assertThat(act(there, "resume")).isEqualTo(204);
        assertThat(running.isPaused()).isFalse();
        assertThat(act(there, "drain")).isEqualTo(204);
        running.awaitTermination();

        assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
        // Whoever waits for the end may go on before the console has been told.
        Await.until(() -> "it can still be drained", () -> act(there, "drain") == 409);
    }

    private int act(Shown there, String action) throws Exception {
        String token = there.json("/api/pipelines/1").get("token").asText();
        String origin = "http://127.0.0.1:" + controlling.address().getPort();
        return there.send("POST", "/api/pipelines/1/" + action, Guard.TOKEN_HEADER, token, "Origin", origin)
                .statusCode();
    }

    @Test
    void shouldSayThatItsPortIsInUse() {
        int port = console.address().getPort();
        assertThatThrownBy(() -> PipelineConsole.create().port(port).start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("the console cannot listen on 127.0.0.1:" + port + ": ");
        assertThatThrownBy(() -> PipelineConsole.create().port(65_536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be from 0 to 65535, got 65536");
    }

    @Test
    void shouldFreeItsPortAndThreadsWhenClosedWhileThePipelineGoesOn() throws Exception {
        shown.get("/");
        int port = console.address().getPort();
        assertThat(namesSinceBefore()).contains("millrace-console-sampler", "millrace-console-http");
        assertThat(threads().stream()
                        .filter(thread -> !before.contains(thread))
                        .filter(thread -> isOfConsole(thread.getName())))
                .allMatch(Thread::isDaemon);

        console.close();
        controlling.close();

        Await.until(
                () -> "threads are left: " + namesSinceBefore(),
                () -> namesSinceBefore().stream().noneMatch(ConsoleAccessTest::isOfConsole));
        try (RunningConsole again = PipelineConsole.create().port(port).start()) {
            assertThat(again.address()).isEqualTo(console.address());
        }
        assertThat(running.state()).isEqualTo(PipelineState.RUNNING);
    }

    private static boolean isOfConsole(String name) {
        return name.startsWith("millrace-console") || name.startsWith("HTTP-Dispatcher");
    }

    private Set<String> namesSinceBefore() {
        return threads().stream()
                .filter(thread -> !before.contains(thread) && thread.isAlive())
                .map(Thread::getName)
                .collect(Collectors.toSet());
    }
}
