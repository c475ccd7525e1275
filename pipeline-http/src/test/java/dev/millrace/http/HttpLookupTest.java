package dev.millrace.http;

import static dev.millrace.http.Asking.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HttpLookupTest {

    record Report(String name, double speed) {}

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void shouldAnswerWithWhatTheDecoderMakesOfTheBody() throws Exception {
        try (Service service = Service.answering(200, "{\"name\": \"Chicago\", \"speed\": 3.1}");
                Lookup<Integer, Report> lookup = Http.lookup(
                                (Integer id) -> service.uri("/weather?id=" + id),
                                body -> mapper.readValue(body, Report.class))
                        .open(new TestContext())) {
            assertThat(ask(lookup, 4887398)).contains(new Report("Chicago", 3.1));
            assertThat(service.asked()).containsExactly("/weather?id=4887398");
        }
    }

    @Test
    void shouldAskForManyKeysAtOnceAndHoldNoThread() throws Exception {
        int keys = 50;
        CountDownLatch all = new CountDownLatch(keys);
        try (Service service = new Service(exchange -> {
                    all.countDown();
                    awaitQuietly(all);
                    Service.answer(exchange, 200, exchange.getRequestURI().getPath());
                });
                Lookup<String, String> lookup = Asking.of(service).open(new TestContext())) {
            List<CompletableFuture<Optional<String>>> answers = new ArrayList<>();
            for (int i = 0; i < keys; i++) {
                answers.add(lookup.find("/" + i).toCompletableFuture());
            }
            for (int i = 0; i < keys; i++) {
                assertThat(answers.get(i).get(3, TimeUnit.MINUTES)).contains("/" + i);
            }
        }
    }

    @Test
    void shouldSendTheHeadersGiven() throws Exception {
        try (Service service = Service.answering(200, "x")) {
            ask(Asking.of(service).header("Authorization", "Bearer hunter2").header("Accept", "application/json"), "/");

            assertThat(service.header("Authorization")).containsExactly("Bearer hunter2");
            assertThat(service.header("Accept")).containsExactly("application/json");
        }
    }

    @Test
    void shouldBeUnavailableWhenTheConnectionIsRefused() throws Exception {
        // A port that nobody else can take, and nobody listens on.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(0));
            String address = "http://localhost:" + taken.getLocalPort();
            HttpLookup<String, String> lookup = Http.lookup(path -> URI.create(address + path), Asking::text);

            assertThatThrownBy(() -> ask(lookup.timeout(Duration.ofMinutes(1)), "/weather?appid=hunter2"))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith(address + "/weather cannot be asked: java.net.ConnectException");
        }
    }

    @Test
    void shouldBeUnavailableInTimeWhenTheServerHangs() throws Exception {
        CountDownLatch forEver = new CountDownLatch(1);
        try (Service service = new Service(exchange -> awaitQuietly(forEver))) {
            assertThatThrownBy(() -> ask(Asking.of(service).timeout(Duration.ofMillis(200)), "/slow"))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage(service.address() + "/slow gives no answer within PT0.2S");
        }
    }

    @Test
    void shouldBreakOffInTimeWhenTheBodyTakesForEver() throws Exception {
        CountDownLatch brokenOff = new CountDownLatch(1);
        try (Service service = new Service(Service.endless(200, brokenOff, 20))) {
            do {
                assertThatThrownBy(() -> ask(
                                Asking.of(service)
                                        .timeout(Duration.ofMillis(300))
                                        .maxBodyBytes(Integer.MAX_VALUE),
                                "/slow"))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessage(service.address() + "/slow gives no answer within PT0.3S");
                // On a busy machine the time may be over before the service has been asked.
            } while (service.asked().isEmpty());
            assertThat(brokenOff.await(3, TimeUnit.MINUTES))
                    .as("the connection is closed")
                    .isTrue();
        }
    }

    @Test
    void shouldBeUnavailableWhenTheBodyIsCutShort() throws Exception {
        try (Service service = new Service(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(new byte[50]);
        })) {
            assertThatThrownBy(() -> ask(Asking.of(service), "/cut"))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith(service.address() + "/cut cannot be asked: java.io.IOException");
        }
    }

    @Test
    void shouldRefuseTheRecordAndFetchNoMoreWhenTheBodyIsTooLarge() throws Exception {
        CountDownLatch brokenOff = new CountDownLatch(1);
        try (Service service = new Service(Service.endless(200, brokenOff, 0))) {
            assertThatThrownBy(() -> ask(Asking.of(service).maxBodyBytes(100_000), "/big"))
                    .isInstanceOf(RefusedRecordException.class)
                    .hasMessage(service.address() + "/big answers with more than maxBodyBytes 100000");
            assertThat(brokenOff.await(3, TimeUnit.MINUTES))
                    .as("the connection is closed")
                    .isTrue();
        }
    }

    @Test
    void shouldTakeABodyOfExactlyTheLargestSize() throws Exception {
        try (Service service = Service.answering(200, "x".repeat(70_000))) {
            assertThat(ask(Asking.of(service).maxBodyBytes(70_000), "/")).contains("x".repeat(70_000));
            assertThatThrownBy(() -> ask(Asking.of(service).maxBodyBytes(69_999), "/"))
                    .isInstanceOf(RefusedRecordException.class);
        }
    }

    @Test
    void shouldBeUnavailableWhenTheHeadersOfAnAnswerAreBeyondTheLimitOfTheJdk() throws Exception {
        assertThat(askWithHeaderOf(300_000)).contains("x");
        assumeTrue(hasLimitOfHeaders(), "this JDK has no limit of headers");
        assertThatThrownBy(() -> askWithHeaderOf(400_000))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("/big cannot be asked: ");
    }

    private static boolean hasLimitOfHeaders() {
        Runtime.Version version = Runtime.version();
        return switch (version.feature()) {
            case 17 -> version.update() >= 13;
            case 21 -> version.update() >= 5;
            default -> version.feature() >= 24;
        };
    }

    private static Optional<String> askWithHeaderOf(int length) throws Exception {
        try (Service service = Service.answering(200, "x", "X-Big", "x".repeat(length))) {
            return ask(Asking.of(service), "/big");
        }
    }

    @Test
    void shouldTellTheStatusWhenTheBodyOfAnErrorHasNoEnd() throws Exception {
        CountDownLatch brokenOff = new CountDownLatch(1);
        try (Service service = new Service(Service.endless(500, brokenOff, 0))) {
            assertThatThrownBy(() -> ask(Asking.of(service), "/"))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage(service.address() + "/ answers 500");
            assertThat(brokenOff.await(3, TimeUnit.MINUTES))
                    .as("the connection is closed")
                    .isTrue();
        }
    }

    @Test
    void shouldFailTheRecordWhenTheBodyDoesNotParse() throws Exception {
        try (Service service = Service.answering(200, "hunter2 is no JSON");
                Lookup<String, Report> lookup = Http.lookup(service::uri, body -> mapper.readValue(body, Report.class))
                        .open(new TestContext())) {
            assertThatThrownBy(() -> ask(lookup, "/weather?appid=hunter2"))
                    .isNotInstanceOfAny(RefusedRecordException.class, UnavailableException.class)
                    .hasMessage(service.address() + "/weather answers what cannot be decoded:"
                            + " com.fasterxml.jackson.core.JsonParseException")
                    .hasNoCause();
        }
    }

    @Test
    void shouldPassOnWhatADecoderSaysInTheEnginesTerms() throws Exception {
        try (Service service = Service.answering(200, "{\"cod\": 429}")) {
            HttpLookup<String, String> lookup = Http.lookup(service::uri, body -> {
                throw new UnavailableException("the body says 429");
            });

            assertThatThrownBy(() -> ask(lookup, "/"))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("the body says 429");
        }
    }

    @Test
    void shouldRefuseAKeyOfWhichNoUsableUriIsMade() {
        assertRefused(
                path -> URI.create("http://localhost/?q=New York&appid=hunter2"),
                "no URI can be made of the key: java.lang.IllegalArgumentException");
        String rule = "the URI of a key must be http or https with a host and a port of at most 65535";
        assertRefused(path -> URI.create("ftp://localhost/?appid=hunter2"), rule);
        assertRefused(path -> URI.create("/weather?appid=hunter2"), rule);
        assertRefused(path -> URI.create("http:hunter2"), rule);
        assertRefused(path -> URI.create("http://localhost:99999/?appid=hunter2"), rule);
        assertRefused(path -> null, rule);
        assertRefused(
                path -> URI.create("http://weather_service:8080/"),
                rule + ", and its host of letters, digits, dots and hyphens");
    }

    private static void assertRefused(
            dev.millrace.pipeline.function.ThrowingFunction<String, URI> uri, String message) {
        assertThatThrownBy(() -> ask(Http.lookup(uri, Asking::text).naming(key -> "city " + key), "99"))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage("city 99: " + message)
                .hasNoCause();
    }

    @Test
    void shouldNameTheKeyWhenAskedTo() throws Exception {
        try (Service service = Service.answering(400, "")) {
            assertThatThrownBy(() -> ask(Asking.of(service).naming(key -> "the one of " + key), "/a?appid=hunter2"))
                    .hasMessage("the one of /a?appid=hunter2: " + service.address() + "/a answers 400");
            assertThatThrownBy(() -> ask(
                            Asking.of(service).naming(key -> {
                                throw new IllegalStateException(key);
                            }),
                            "/a"))
                    .hasMessage(service.address() + "/a answers 400");
        }
    }

    @Test
    void shouldRefuseOptionsWhenTheyMakeNoSense() {
        HttpLookup<String, String> lookup = Http.lookup(URI::create, Asking::text);
        HttpClient following =
                HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build();

        assertThatThrownBy(() -> lookup.timeout(Duration.ZERO)).hasMessage("timeout must be positive, got PT0S");
        assertThatThrownBy(() -> lookup.maxBodyBytes(0)).hasMessage("maxBodyBytes must be positive, got 0");
        assertThatThrownBy(() -> lookup.status(200, StatusMeaning.NO_ANSWER))
                .hasMessage("status must be 201 to 999, got 200");
        assertThatThrownBy(() -> lookup.header("Host", "hunter2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("header 'Host' cannot be set, or not to that value");
        assertThatThrownBy(() -> lookup.header("Authorization", "hunter2\n"))
                .hasMessage("header 'Authorization' cannot be set, or not to that value")
                .hasNoCause();
        assertThatThrownBy(() -> lookup.client(following)).hasMessage("client must follow redirects NEVER, got NORMAL");
        assertThat(lookup.header("Authorization", "hunter2")).hasToString("HttpLookup[Authorization]");
    }

    @Test
    void shouldLeaveNoThreadBehindWhenClosed() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "before Java 21 it is the collector that ends a client");
        Set<Thread> others = clientThreads();
        try (Service service = Service.answering(200, "x")) {
            Lookup<String, String> lookup = Asking.of(service).open(new TestContext());
            try {
                ask(lookup, "/");
                Set<Thread> own = clientThreads();
                own.removeAll(others);
                assertThat(own).isNotEmpty();

                lookup.close();

                for (Thread thread : own) {
                    thread.join(TimeUnit.MINUTES.toMillis(1));
                    assertThat(thread.isAlive()).as(thread.getName()).isFalse();
                }
            } finally {
                // The collector would end it too.
                Reference.reachabilityFence(lookup);
            }
        }
    }

    private static Set<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("HttpClient-\\d+-SelectorManager"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    void shouldSpeakAVersionThatHasNoLimitOfQuestionsAtOnce() throws Exception {
        try (Service service = Service.answering(200, "x")) {
            ask(Asking.of(service), "/");

            assertThat(service.header("Upgrade"))
                    .as("an offer of HTTP/2, of which one connection must do")
                    .containsExactly("null");
        }
    }

    @Test
    void shouldSendWithEachQuestionWhatAHeaderIsByThen() throws Exception {
        AtomicInteger tokens = new AtomicInteger();
        try (Service service = new Service(exchange -> {
            boolean isOld = exchange.getRequestURI().getPath().equals("/old");
            exchange.getResponseHeaders().set("Location", "/new");
            Service.answer(exchange, isOld ? 302 : 200, "x");
        })) {
            HttpLookup<String, String> recipe =
                    Asking.of(service).header("Authorization", () -> "token " + tokens.incrementAndGet());
            try (Lookup<String, String> lookup = recipe.open(new TestContext())) {
                ask(lookup, "/old");
                ask(lookup, "/new");
            }

            assertThat(service.header("Authorization")).containsExactly("token 1", "token 1", "token 2");
            assertThat(recipe).hasToString("HttpLookup[Authorization]");
        }
    }

    @Test
    void shouldBlameNoRecordWhenAHeaderHasNoValue() throws Exception {
        try (Service service = Service.answering(200, "x")) {
            HttpLookup<String, String> lookup = Asking.of(service);
            assertUnavailable(
                    lookup.header("Authorization", () -> {
                        throw new IOException("hunter2");
                    }),
                    "java.io.IOException");
            assertUnavailable(lookup.header("Authorization", () -> null), "java.lang.NullPointerException");
            assertUnavailable(lookup.header("Authorization", () -> "hunter2\n"), "java.lang.IllegalArgumentException");
            assertThatThrownBy(() -> ask(
                            lookup.header("Authorization", () -> {
                                throw new StageFailedException("the token is not renewed");
                            }),
                            "/"))
                    .isInstanceOf(StageFailedException.class)
                    .hasMessage("the token is not renewed");
            assertThat(service.asked()).isEmpty();
        }
    }

    private static void assertUnavailable(HttpLookup<String, String> lookup, String reason) {
        assertThatThrownBy(() -> ask(lookup, "/"))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("header 'Authorization' has no value that can be sent: " + reason)
                .hasNoCause();
    }

    @Test
    void shouldPassOnWhatAUriSaysInTheEnginesTerms() {
        HttpLookup<String, String> lookup = Http.lookup(
                key -> {
                    throw new UnavailableException("there is no token yet");
                },
                Asking::text);

        assertThatThrownBy(() -> ask(lookup, "/"))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("there is no token yet");
    }

    @Test
    void shouldLetTheThreadsOwnerSeeThatItWasInterrupted() {
        HttpLookup<String, String> lookup = Http.lookup(
                key -> {
                    throw new InterruptedException();
                },
                Asking::text);

        assertThatThrownBy(() -> ask(lookup, "/")).isInstanceOf(RefusedRecordException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void shouldTakeAnyTimeToBeLong() throws Exception {
        try (Service service = Service.answering(200, "x")) {
            assertThat(ask(Asking.of(service).timeout(Duration.ofSeconds(Long.MAX_VALUE)), "/"))
                    .contains("x");
        }
    }

    /** At most for longer than any test takes that is not to fail. */
    private static void awaitQuietly(CountDownLatch latch) throws IOException {
        try {
            latch.await(2, TimeUnit.MINUTES);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }
}
