package dev.millrace.examples.weather;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.examples.ServerOptions;
import dev.millrace.examples.Servers;
import dev.millrace.examples.TestServers;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.CassandraServerExtension;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The example as a user runs it, checked row by row against what the service has told. */
@ExtendWith({KafkaServerExtension.class, CassandraServerExtension.class})
class WeatherIT {

    /** 6,665 answers of the real service for 17 cities, one a line; they are not part of the project. */
    private static final Path RECORDED =
            Path.of(System.getProperty("millrace.data", "data"), "weather", "owm_current_17cities.jsonl");

    private static final String KEY = "hunter2";

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    private Path backup;
    private KafkaServer kafka;
    private CassandraServer cassandra;

    @BeforeEach
    void beginAnew(KafkaServer kafka, CassandraServer cassandra) throws Exception {
        TestServers.clear(kafka);
        this.kafka = kafka;
        this.cassandra = cassandra;
        backup = directory.resolve("backup.csv");
        WeatherTable.drop(cassandra);
    }

    private int run(@Nullable String key, String... options) {
        List<String> arguments = new ArrayList<>(servers());
        arguments.addAll(Arrays.asList(options));
        arguments.addAll(List.of("--backup", backup.toString()));
        PrintStream printed = new PrintStream(output, true, UTF_8);
        return new CommandLine(new Weather(name -> key, printed))
                .setErr(new PrintWriter(printed, true, UTF_8))
                .execute(arguments.toArray(String[]::new));
    }

    private List<String> servers() {
        return List.of("--kafka", kafka.bootstrapServers(), "--cassandra", cassandraAddress());
    }

    private String cassandraAddress() {
        return cassandra.contactPoint().getHostString() + ":"
                + cassandra.contactPoint().getPort();
    }

    @Test
    void shouldWriteTheWindThatEachCityWasToldToHaveLast() throws Exception {
        try (StandIn standIn = StandIn.start(7)) {
            int exitCode =
                    run(StandIn.KEY, "--base-url", standIn.address().toString(), "--rounds", "4", "--every", "500ms");

            assertThat(exitCode).as(output.toString(UTF_8)).isZero();
            Map<String, String> expected = new TreeMap<>();
            standIn.lastTold().forEach((city, speed) -> expected.put(city, "US " + speed));
            assertThat(expected).containsOnlyKeys("Chicago", "Miami", "San Francisco");
            assertThat(WeatherTable.rows(cassandra)).isEqualTo(expected);
            assertThat(lastOfBackup()).isEqualTo(expected);
            assertThat(Files.readAllLines(backup)).hasSize(1 + 12).startsWith("city,country,windspeed");
            assertThat(output.toString(UTF_8))
                    .containsPattern("rounds +4\\b")
                    .containsPattern("answered +12\\b")
                    .containsPattern("messages +" + messages().size() + "\\b")
                    .containsPattern("rows written +12\\b")
                    .containsPattern("(?s)city\\s+country\\s+windspeed.*Chicago\\s+US\\s+\\d")
                    .doesNotContain(StandIn.KEY);
            assertThat(messages())
                    .allSatisfy(message ->
                            assertThat(message.get("columns")).hasToString("[\"Name\",\"Country\",\"WindSpeed\"]"));
            assertThat(messages().stream()
                            .mapToInt(message -> message.get("data").size()))
                    .as("rows of each")
                    .allMatch(rows -> rows >= 1 && rows <= 3);
            assertThat(messages().stream()
                            .flatMap(message -> message.get("data").valueStream()))
                    .hasSize(12)
                    .allMatch(row -> row.size() == 3);
        }
    }

    /** What the topic holds, read without the library. */
    private List<JsonNode> messages() throws IOException {
        List<JsonNode> messages = new ArrayList<>();
        for (ConsumerRecord<String, String> record : TestServers.records(kafka, WeatherSchema.TOPIC)) {
            messages.add(new ObjectMapper().readTree(record.value()));
        }
        return messages;
    }

    @Test
    void shouldStoreWhatARunBeforeHasLeftToo() throws Exception {
        try (Servers servers = TestServers.servers(kafka, cassandra)) {
            WeatherSchema.create(servers);
            Pipeline left = Pipeline.named("left")
                    .from(Sources.of(
                            SplitTable.of(List.of(new Wind("Atlantis", null, 1))),
                            SplitTable.of(List.of(new Wind("Chicago", "US", 99)))))
                    .to(servers.kafka().sink(WeatherSchema.TOPIC, JsonSerde.of(SplitTable.class)));
            try (RunningPipeline running = PipelineRunner.create().start(left)) {
                running.awaitTermination();
            }
        }
        try (StandIn standIn = StandIn.start(7)) {
            int exitCode =
                    run(StandIn.KEY, "--base-url", standIn.address().toString(), "--rounds", "2", "--every", "200ms");

            assertThat(exitCode).as(output.toString(UTF_8)).isZero();
            Map<String, String> expected = new TreeMap<>(Map.of("Atlantis", "null 1.0"));
            standIn.lastTold().forEach((city, speed) -> expected.put(city, "US " + speed));
            assertThat(WeatherTable.rows(cassandra)).isEqualTo(expected);
        }
    }

    @Test
    void shouldAskAgainNoSoonerThanTheServiceWants() throws Exception {
        List<Long> times = new CopyOnWriteArrayList<>();
        try (TestService service = new TestService((city, exchange) -> {
            times.add(System.nanoTime());
            exchange.getResponseHeaders().set("Retry-After", "2");
            TestService.send(exchange, times.size() == 1 ? 429 : 200, report(city));
        })) {
            int exitCode = run(KEY, "--base-url", service.address().toString(), "--cities", "1", "--rounds", "1");

            assertThat(exitCode).as(output.toString(UTF_8)).isZero();
            assertThat(times).hasSize(2);
            assertThat(Duration.ofNanos(times.get(1) - times.get(0))).isGreaterThan(Duration.ofMillis(1_900));
            assertThat(WeatherTable.rows(cassandra)).isEqualTo(Map.of("City 1", "null 1.5"));
            assertThat(output.toString(UTF_8)).doesNotContain("left out:");
        }
    }

    /** Of each city the last line, as country and speed. */
    private Map<String, String> lastOfBackup() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        Files.readAllLines(backup).stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .forEach(columns -> rows.put(columns[0], columns[1] + " " + columns[2]));
        return rows;
    }

    @Test
    void shouldRunWithoutAKey() {
        int exitCode = run(null, "--rounds", "2", "--every", "200ms");

        assertThat(exitCode).as(output.toString(UTF_8)).isZero();
        assertThat(WeatherTable.rows(cassandra)).containsOnlyKeys("Chicago", "Miami", "San Francisco");
    }

    @Test
    void shouldGoOnWithTheOthersAndSayWhichWhenCitiesFail() throws Exception {
        CountDownLatch forEver = new CountDownLatch(1);
        try (TestService service = new TestService((city, exchange) -> {
            switch (city) {
                case 1 -> TestService.send(exchange, 200, report(city));
                case 2 -> TestService.send(exchange, 404, "{\"cod\":\"404\",\"message\":\"city not found\"}");
                case 3 -> TestService.send(exchange, 200, "<html>garbage</html>");
                case 4 -> awaitQuietly(forEver);
                case 5 -> TestService.send(exchange, 500, "");
                case 6 -> TestService.send(exchange, 200, "{\"name\":\"Six\",\"sys\":{},\"wind\":{}}");
                default -> TestService.send(exchange, 200, report(city));
            }
        })) {
            int exitCode = run(
                    KEY,
                    "--base-url",
                    service.address().toString(),
                    "--cities",
                    "1,2,3,4,5,6,7",
                    "--rounds",
                    "2",
                    "--every",
                    "1s");

            assertThat(exitCode).as(output.toString(UTF_8)).isZero();
            assertThat(WeatherTable.rows(cassandra)).isEqualTo(Map.of("City 1", "null 1.5", "City 7", "null 7.5"));
            String place = service.address() + "/data/2.5/weather";
            assertThat(output.toString(UTF_8))
                    .contains("left out: city 2: " + place + " answers 404")
                    .contains("left out: city 3: " + place + " answers what cannot be decoded")
                    .contains("left out: not done within the deadline of PT10S, the last time: city 4: " + place
                            + " gives no answer within PT3S")
                    .contains("left out: not done within the deadline of PT10S, the last time: city 5: " + place
                            + " answers 500")
                    .contains("left out: city 6: " + place + " answers what cannot be decoded")
                    .containsPattern("answered +4\\b")
                    .containsPattern("left out +10\\b")
                    .doesNotContain(KEY)
                    .doesNotContain("garbage");
        } finally {
            forEver.countDown();
        }
    }

    private static String report(int city) {
        return "{\"name\":\"City " + city + "\",\"sys\":{},\"wind\":{\"speed\":" + city + ".5}}";
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldEndWithTheReasonWhenTheKeyIsRefused() throws Exception {
        try (StandIn standIn = StandIn.start(7)) {
            int exitCode = run(KEY, "--base-url", standIn.address().toString());

            assertThat(exitCode).isEqualTo(1);
            assertThat(output.toString(UTF_8))
                    .containsPattern("city \\d+: " + standIn.address() + "/data/2.5/weather answers 401")
                    .doesNotContain(KEY);
            assertThat(WeatherTable.rows(cassandra)).isEmpty();
        }
    }

    @Test
    void shouldHoldTheLastRowOfEachCityWhenRealAnswersAreReplayed() throws Exception {
        assumeThat(RECORDED).as("given by -Dmillrace.data").exists();
        ObjectMapper mapper = new ObjectMapper();
        Map<Integer, List<String>> recorded = new LinkedHashMap<>();
        Map<String, String> expected = new TreeMap<>();
        for (String line : Files.readAllLines(RECORDED)) {
            JsonNode report = mapper.readTree(line);
            recorded.computeIfAbsent(report.get("id").intValue(), id -> new ArrayList<>())
                    .add(line);
            expected.put(
                    report.get("name").textValue(),
                    report.at("/sys/country").textValue() + " "
                            + report.at("/wind/speed").doubleValue());
        }
        assertThat(expected).hasSize(17);

        Map<Integer, AtomicInteger> told = new LinkedHashMap<>();
        recorded.keySet().forEach(city -> told.put(city, new AtomicInteger()));
        try (TestService service = new TestService((city, exchange) -> {
            List<String> answers = recorded.get(city);
            int next = told.get(city).getAndIncrement();
            TestService.send(exchange, 200, answers.get(Math.min(next, answers.size() - 1)));
        })) {
            replay(service.address(), recorded, told);
        }

        assertThat(WeatherTable.rows(cassandra)).isEqualTo(expected);
        assertThat(lastOfBackup()).isEqualTo(expected);
        assertThat(Files.readAllLines(backup)).hasSize(1 + 6_665);
    }

    private void replay(URI service, Map<Integer, List<String>> recorded, Map<Integer, AtomicInteger> told)
            throws Exception {
        ServerOptions options = new ServerOptions();
        options.kafka = kafka.bootstrapServers();
        options.cassandra = cassandraAddress();
        try (Servers servers = Servers.start(options, line -> {})) {
            WeatherSchema.create(servers);
        }
        PipelineRunner runner = PipelineRunner.create();
        PrintStream console = new PrintStream(output, true, UTF_8);
        Kafka toKafka = Kafka.at(kafka.bootstrapServers());
        try (RunningPipeline storing = runner.start(
                        WeatherPipelines.store(toKafka, Cassandra.at(cassandraAddress()), backup, console));
                RunningPipeline fetching = runner.start(WeatherPipelines.fetch(
                        Sources.every(Duration.ofMillis(1), rounds(recorded, told)),
                        recorded.size(),
                        OpenWeather.at(service, KEY),
                        toKafka))) {
            await(() -> fetching.stats().stage("enrichOrDrop").out() == 6_665
                    || fetching.state().isFinal());
            fetching.close();
            assertThat(fetching.failure()).isEmpty();
            assertThat(fetching.stats().stage("enrichOrDrop").out()).isEqualTo(6_665);
            storing.finish();
            await(() -> storing.state().isFinal());
            assertThat(storing.failure()).isEmpty();
            assertThat(storing.stats().stage("to").out()).isEqualTo(6_665);
        }
    }

    /** All cities that have an answer left, again and again, each round once the one before it is answered. */
    private static ThrowingSupplier<List<Integer>> rounds(
            Map<Integer, List<String>> recorded, Map<Integer, AtomicInteger> told) {
        AtomicInteger rounds = new AtomicInteger();
        return () -> {
            int round = rounds.getAndIncrement();
            List<Integer> cities = recorded.keySet().stream()
                    .filter(city -> recorded.get(city).size() > round)
                    .toList();
            await(() -> cities.stream().allMatch(city -> told.get(city).get() >= round));
            return cities;
        };
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
        }
    }
}
