package dev.millrace.examples.security;

import static dev.millrace.pipeline.policy.Aggregation.keptIn;
import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.FailurePolicy.skip;
import static dev.millrace.pipeline.policy.RetryPolicy.fixed;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.console.PipelineConsole;
import dev.millrace.console.RunningConsole;
import dev.millrace.examples.guide.Patiently;
import dev.millrace.examples.security.LoopbackService.Answer;
import dev.millrace.files.Csv;
import dev.millrace.files.CsvRow;
import dev.millrace.files.CsvTable;
import dev.millrace.files.Json;
import dev.millrace.http.Http;
import dev.millrace.http.HttpLookup;
import dev.millrace.kafka.JsonSerde;
import dev.millrace.kafka.Kafka;
import dev.millrace.kafka.KafkaDeadLetters;
import dev.millrace.kafka.Redrive;
import dev.millrace.pipeline.Aggregators;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.micrometer.PipelineMetrics;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.state.StateDirectory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Logger;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * I8, over all connectors at once: secrets and payload are planted wherever a pipeline meets them, everything goes
 * wrong that can, all loggers log all that they have, and nothing that the process shows of itself tells of them.
 */
@Timeout(1_800)
class CanaryIT {

    record Order(String id, String text, int amount) {}

    record City(String name, int people) {}

    record Known(String id, Level level) {}

    private static final String USER = "orders";
    private static final Duration SOON = Duration.ofMillis(10);

    private final Canaries canaries = new Canaries();
    private final Search search = new Search(canaries);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final String kafkaPassword = canaries.secret("of-kafka");
    private final String cassandraPassword = canaries.secret("of-cassandra");
    private final Set<String> deadLettered = new ConcurrentSkipListSet<>();
    private final AtomicInteger lives = new AtomicInteger();
    private final AtomicBoolean isAway = new AtomicBoolean(true);

    @TempDir
    private Path directory;

    @Test
    void shouldTellNoSecretAndNoPayloadAnywhere() throws Exception {
        try (SecuredKafka kafkaServer = SecuredKafka.start(canaries.secret("of-the-administrator"));
                SecuredCassandra cassandraServer = SecuredCassandra.start(Map.of("max_mutation_size", "512KiB"));
                LoopbackService service = new LoopbackService(this::answer);
                RunningConsole console = PipelineConsole.create().start()) {
            prepare(kafkaServer);
            prepare(cassandraServer);
            List<ProducerRecord<String, String>> sent = send(kafkaServer);
            try (CapturedLogs logs = new CapturedLogs(canaries)) {
                shouldFindWhatIsPlantedInLogs(logs);

                Kafka kafka = kafkaServer.as(USER, kafkaPassword);
                Cassandra cassandra = cassandraServer.as(USER, cassandraPassword);
                search.printed(kafka, cassandra, console);
                runOrders(kafka, cassandra, service, console, logs);
                runToTheEnd(console, counts(kafka, cassandra), keys(kafka), cells(kafka), lines());
                runToTheEnd(console, refused(kafka), thrown(kafka), unstorable(kafka));
                redrive(kafka);
                failToStart(console, kafkaServer, cassandraServer);
                searchLetters(kafkaServer, sent);

                assertThat(logs.takeFound()).as("logged").isEmpty();
                assertThat(logs.ours())
                        .contains("after 2 attempts", "could not be read anew", "FAILED", "begins anew", "STOPPED");
                assertThat(List.of("org.apache.kafka", "com.datastax.oss.driver", "io.netty"))
                        .as("logged at the finest level")
                        .allMatch(loggers -> logs.linesAtFinest(loggers) > 0);
            }
            assertThat(search.found()).as("shown").isEmpty();
            assertThat(search.searched())
                    .contains(
                            "MBeans of kafka.consumer",
                            "MBeans of kafka.producer",
                            "threads",
                            "meters",
                            "page",
                            "console of a pipeline",
                            "explain",
                            "headers of a dead letter",
                            DeadLetter.class.getName(),
                            PipelineFailedException.class.getName(),
                            Kafka.class.getName(),
                            Cassandra.class.getName(),
                            HttpLookup.class.getName());
        }
    }

    /**
     * What is not found here is no proof unless the search finds what is; {@link CanarySearchTest} has the rest of it.
     */
    private void shouldFindWhatIsPlantedInLogs(CapturedLogs logs) {
        System.getLogger("dev.millrace.pipeline").log(Level.TRACE, "a line with {0}", canaries.payload("planted"));
        Logger.getLogger("org.apache.kafka.clients.NetworkClient").finest("a line with " + canaries.secret("planted"));

        assertThat(logs.takeFound()).hasSize(2);
    }

    private void prepare(SecuredKafka server) throws Exception {
        server.user(USER, kafkaPassword);
        server.grant(List.of(everything(ResourceType.TOPIC), everything(ResourceType.GROUP)));
        server.createTopics(
                new NewTopic("orders", 1, (short) 1),
                new NewTopic("out", 1, (short) 1),
                new NewTopic("small", 1, (short) 1).configs(Map.of("max.message.bytes", "1000")),
                new NewTopic("letters", 1, (short) 1).configs(Map.of("max.message.bytes", "2000000")));
    }

    private static AclBinding everything(ResourceType type) {
        return new AclBinding(
                new ResourcePattern(type, ResourcePattern.WILDCARD_RESOURCE, PatternType.LITERAL),
                new AccessControlEntry("User:" + USER, "*", AclOperation.ALL, AclPermissionType.ALLOW));
    }

    private void prepare(SecuredCassandra server) {
        server.execute("CREATE TABLE shop.orders (id text PRIMARY KEY, text text, amount int)");
        server.execute("CREATE TABLE shop.known (id text PRIMARY KEY, level text)");
        server.execute("CREATE TABLE shop.states (pipeline text, stage text, partition text, key blob, position bigint,"
                + " state blob, PRIMARY KEY ((pipeline, stage, partition), key))");
        server.execute("INSERT INTO shop.known (id, level) VALUES (?, 'INFO')", id("good"));
        server.execute("INSERT INTO shop.known (id, level) VALUES (?, ?)", id("known"), canaries.payload("cell"));
        server.user(USER, cassandraPassword);
        server.execute("GRANT MODIFY ON KEYSPACE shop TO " + USER);
        server.execute("GRANT SELECT ON KEYSPACE shop TO " + USER);
    }

    /** Of a record that something becomes of which the name says. */
    private String id(String what) {
        return canaries.payload(what);
    }

    private List<ProducerRecord<String, String>> send(SecuredKafka server) throws Exception {
        String text = canaries.payload("text");
        List<String> values = new ArrayList<>();
        for (String what : List.of("good", "map", "restart", "http-away", "http-400", "http-body", "known", "small")) {
            values.add(json(id(what), text.repeat(100)));
        }
        values.add(json("", text));
        values.add(json(id("mutation"), text.repeat(600_000 / text.length())));
        values.add("{\"id\":\"" + id("type") + "\",\"amount\":\"" + canaries.payload("amount") + "\"}");
        values.add(canaries.payload("no-json") + " {");
        values.add(null);
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(new HashMap<>(server.access()), new StringSerializer(), new StringSerializer())) {
            for (String value : values) {
                ProducerRecord<String, String> record =
                        new ProducerRecord<>("orders", canaries.payload("key-" + records.size()), value);
                record.headers().add("note", canaries.payload("header").getBytes(UTF_8));
                records.add(record);
                producer.send(record).get(5, TimeUnit.MINUTES);
            }
        }
        return records;
    }

    private static String json(String id, String text) {
        return "{\"id\":\"" + id + "\",\"text\":\"" + text + "\",\"amount\":1}";
    }

    private Answer answer(String request) {
        if (request.contains(id("http-400"))) {
            return new Answer(400, canaries.payload("refusal"));
        } else if (request.contains(id("http-away")) && isAway.getAndSet(false)) {
            return new Answer(503, canaries.payload("away"));
        } else if (request.contains(id("http-body"))) {
            return new Answer(200, canaries.payload("body") + "{");
        }
        return new Answer(200, "{\"answer\":\"" + canaries.payload("answer") + "\"}");
    }

    private void runOrders(
            Kafka kafka, Cassandra cassandra, LoopbackService service, RunningConsole console, CapturedLogs logs)
            throws Exception {
        Path cities = directory.resolve("cities.csv");
        Files.writeString(cities, rows(canaries.payload("city") + ",1", "Lima," + canaries.payload("people")));
        ObjectMapper mapper = new ObjectMapper();
        HttpLookup<String, Object> http = Http.lookup(
                        (String id) -> service.uri()
                                .query("key", canaries.secret("in-a-query"))
                                .query("q", id)
                                .toUri(),
                        body -> mapper.readValue(body, Object.class))
                .header("Authorization", "Bearer " + canaries.secret("in-a-header"))
                .header("X-Token", () -> canaries.secret("that-expires"));
        Enricher<String, City> table = CsvTable.of(cities, City.class)
                .keyedBy(City::name)
                .skipRefused()
                .reloadEvery(SOON);
        var known = cassandra.table("shop.known", Known.class);
        var source = kafka.source("orders", JsonSerde.of(Order.class)).keys(Serdes.String());
        var out = kafka.sink("out", JsonSerde.of(Order.class))
                .keyedBy(Order::id)
                .headers(PipelineRecord::headers)
                .topic(order -> order.id().equals(id("small")) ? "small" : null);
        var written = cassandra.sink("shop.orders", Order.class);
        StageOptions failing = deadLettering(kafka.deadLetters("letters"));
        StageOptions options = failing.retry(fixed(SOON).maxAttempts(2));
        Pipeline orders = Pipeline.named("orders")
                .from(source, failing)
                .peek(record -> search.printed(record, record.headers()))
                .map(this::checked, failing)
                .enrich(table, order -> "Lima", (order, city) -> order, options.name("cities"))
                .enrich(http, Order::id, (order, answer) -> order, options.name("http"))
                .enrich(known.keyedBy("id"), Order::id, (order, row) -> order, options.name("known"))
                .alsoTo(out, options.name("out"))
                .to(written, options);
        search.printed(http, table, known, known.keyedBy("id"), source, out, written, options, service.uri());
        search.printed(service.uri().query("key", canaries.secret("in-a-query")), kafka.deadLetters("letters"));
        PipelineRunner runner = runner(console).restart(fixed(SOON).maxAttempts(100));
        try (RunningPipeline running = Patiently.call(() -> runner.start(orders))) {
            awaitLooking(running, console, () -> lives.get() > 1);
            // Away from the table of before, and not of its form.
            Files.writeString(cities, canaries.payload("head") + ",\"" + canaries.payload("open"));
            awaitLooking(running, console, () -> logs.ours().contains("could not be read anew"));
            running.finish();
            awaitEnd(running, console);
            assertThat(running.failure()).isEmpty();
        }
        assertThat(deadLettered)
                .as("places and kinds of failures")
                .contains(
                        "from dev.millrace.pipeline.spi.RefusedRecordException",
                        "map java.lang.IllegalStateException",
                        "http dev.millrace.pipeline.spi.RefusedRecordException",
                        "known dev.millrace.pipeline.spi.RefusedRecordException",
                        "out dev.millrace.pipeline.spi.RefusedRecordException",
                        "to dev.millrace.pipeline.spi.RefusedRecordException");
    }

    private Order checked(Order order) {
        if (order.id().equals(id("map"))) {
            throw new IllegalStateException("refuses " + order, new IllegalArgumentException(order.text()));
        }
        if (order.id().equals(id("restart")) && lives.incrementAndGet() == 1) {
            throw new UnavailableException("away", new IllegalStateException(order.text()));
        }
        return order;
    }

    private static String rows(String... rows) {
        return "name,people\n" + String.join("\n", rows) + "\n";
    }

    private static StageOptions deadLettering(KafkaDeadLetters letters) {
        return with().onFailure(deadLetter(letters));
    }

    /** Keys in states. */
    private Pipeline counts(Kafka kafka, Cassandra cassandra) {
        var source = kafka.source("orders", JsonSerde.of(Order.class)).untilEnd();
        return Pipeline.named("counts")
                .from(source, with().onFailure(skip()))
                .keyBy(Order::id)
                .aggregate(
                        Aggregators.counting(),
                        (id, count) -> id,
                        keptIn(cassandra.states("shop.states")).every(SOON))
                .to(Sinks.discard());
    }

    /** Keys that are not what they should be. */
    private Pipeline keys(Kafka kafka) {
        var source =
                kafka.source("orders", Serdes.ByteArray()).keys(Serdes.UUID()).untilEnd();
        return Pipeline.named("keys").from(source, with().onFailure(skip())).to(Sinks.discard());
    }

    /** Cells that are not what they should be, in rows that become dead letters. */
    private Pipeline cells(Kafka kafka) throws IOException {
        Path file = directory.resolve("cells.csv");
        String name = canaries.payload("name");
        Files.writeString(file, rows(name + ",1", name + "," + name, name, name + ",1," + name, name + "\"x\",1"));
        KafkaDeadLetters letters = kafka.deadLetters("letters")
                .serializing((topic, row) ->
                        String.join(",", ((CsvRow) row).values()).getBytes(UTF_8));
        return Pipeline.named("cells")
                .from(
                        Csv.source(file, City.class).positionKeptIn(StateDirectory.at(directory.resolve("positions"))),
                        deadLettering(letters))
                .to(Json.appending(directory.resolve("cities.jsonl"), City.class));
    }

    private Pipeline lines() throws IOException {
        Path file = directory.resolve("orders.jsonl");
        String text = canaries.payload("line");
        Files.writeString(file, json(text, text) + "\n" + text + "\n{\"amount\":\"" + text + "\"}\n");
        return Pipeline.named("lines")
                .from(Json.lines(file, Order.class), with().onFailure(skip()))
                .to(Csv.appending(directory.resolve("orders.csv"), Order.class));
    }

    /** A record that the source refuses ends it. */
    private static Pipeline refused(Kafka kafka) {
        return Pipeline.named("refused")
                .from(kafka.source("orders", JsonSerde.of(Order.class)).untilEnd())
                .to(Sinks.discard());
    }

    /** A function that tells what it was given ends it. */
    private Pipeline thrown(Kafka kafka) {
        return Pipeline.named("thrown")
                .from(kafka.source("orders", Serdes.String()).skipTombstones().untilEnd())
                .map(value -> {
                    throw new IllegalStateException(value);
                })
                .to(Sinks.discard());
    }

    /** A dead letter that cannot be stored ends it. */
    private Pipeline unstorable(Kafka kafka) {
        return Pipeline.named("unstorable")
                .from(Sources.of(new Order(id("unstorable"), canaries.payload("text"), 1)))
                .map(this::refusing, deadLettering(kafka.deadLetters("letters")))
                .to(Sinks.discard());
    }

    private Order refusing(Order order) {
        throw new IllegalStateException("refuses " + order);
    }

    private void redrive(Kafka kafka) throws Exception {
        Redrive redrive = kafka.redrive("letters")
                .into("orders")
                .group("looking")
                .filter(letter -> {
                    search.printed(letter);
                    return true;
                });
        search.printed(redrive, redrive.dryRun(), redrive.run());
    }

    /** What is wrong from the beginning. */
    private void failToStart(RunningConsole console, SecuredKafka kafkaServer, SecuredCassandra cassandraServer)
            throws Exception {
        Kafka kafka = kafkaServer.as(USER, canaries.secret("that-is-wrong"));
        Cassandra cassandra = cassandraServer.as(USER, canaries.secret("that-is-wrong"));
        Path table = directory.resolve("table.csv");
        Files.writeString(table, rows(canaries.payload("twice") + ",1", canaries.payload("twice") + ",2"));
        Path unreadable = directory.resolve("unreadable.csv");
        Files.writeString(unreadable, rows("Lima," + canaries.payload("people")));
        List<Pipeline> pipelines = List.of(
                Pipeline.named("reading")
                        .from(kafka.source("orders", Serdes.String()))
                        .to(Sinks.discard()),
                Pipeline.named("writing")
                        .from(Sources.of(canaries.payload("value")))
                        .to(kafka.sink("out", Serdes.String())),
                Pipeline.named("storing")
                        .from(Sources.of(new City(canaries.payload("value"), 1)))
                        .to(cassandra.sink("shop.orders", City.class)),
                asking(table),
                asking(unreadable));
        for (Pipeline pipeline : pipelines) {
            Throwable failure = catchThrowable(
                    () -> Patiently.call(() -> runner(console).start(pipeline)).close());
            assertThat(failure).isInstanceOf(PipelineFailedException.class);
            search.failure(failure);
            search.printed(failure);
        }
    }

    private static Pipeline asking(Path table) {
        return Pipeline.named("asking")
                .from(Sources.of("Lima"))
                .enrich(CsvTable.of(table, City.class).keyedBy(City::name), name -> name, (name, city) -> name)
                .to(Sinks.discard());
    }

    private void runToTheEnd(RunningConsole console, Pipeline... pipelines) throws Exception {
        for (Pipeline pipeline : pipelines) {
            try (RunningPipeline running = Patiently.call(() -> runner(console).start(pipeline))) {
                awaitEnd(running, console);
            }
        }
    }

    private PipelineRunner runner(RunningConsole console) {
        PipelineRunner runner = PipelineRunner.create()
                .commitInterval(SOON)
                .listener(console)
                .listener(PipelineMetrics.to(registry))
                .listener(listener());
        search.printed(runner);
        return runner;
    }

    /** As one that logs all that it is told, but for the texts of others. */
    private PipelineListener listener() {
        return new PipelineListener() {

            @Override
            public void onWritten(String pipeline, String stage, List<PipelineRecord<?>> written) {
                written.forEach(search::printed);
            }

            @Override
            public void onRetry(
                    String pipeline, String stage, SourcePosition record, int failedAttempts, Throwable cause) {
                search.printed(record);
                search.failure(cause);
            }

            @Override
            public void onUnavailable(String pipeline, String stage, Duration delay, Throwable cause) {
                search.failure(cause);
            }

            @Override
            public void onRestart(String pipeline, int failures, Duration delay, Throwable cause) {
                search.failure(cause);
            }

            @Override
            public void onSkip(String pipeline, String stage, SourcePosition record, Throwable cause) {
                search.printed(record);
                search.failure(cause);
            }

            @Override
            public void onDeadLetter(DeadLetter letter) {
                search.printed(letter, letter.original());
                search.failure(letter.cause());
                deadLettered.add(
                        letter.stage() + " " + letter.cause().getClass().getName());
            }
        };
    }

    private void awaitEnd(RunningPipeline running, RunningConsole console) throws Exception {
        awaitLooking(running, console, () -> running.state().isFinal());
        running.failure().ifPresent(search::failure);
    }

    private void awaitLooking(RunningPipeline running, RunningConsole console, BooleanSupplier condition)
            throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        do {
            look(running, console);
            assertThat(System.nanoTime() - deadline).as(running.explain()).isNegative();
            LockSupport.parkNanos(SOON.toNanos());
        } while (!condition.getAsBoolean());
        look(running, console);
    }

    private void look(RunningPipeline running, RunningConsole console) throws Exception {
        search.threads();
        search.meters(registry);
        search.beans();
        search.console(console);
        search.look("explain", running.explain(), running.health(), running.stats(), running.holdups(), running);
        Pipeline pipeline = running.pipeline();
        search.look("pipeline", pipeline, pipeline.describe(), pipeline.graph());
    }

    /** A letter has the record's own headers, which are payload, and besides them none that tells any. */
    private void searchLetters(SecuredKafka server, List<ProducerRecord<String, String>> sent) {
        List<ConsumerRecord<String, String>> letters = server.records("letters");
        assertThat(letters).hasSizeGreaterThan(sent.size() / 2);
        for (ConsumerRecord<String, String> letter : letters) {
            for (Header header : letter.headers()) {
                search.look("headers of a dead letter", header.key());
                if (!header.key().equals("note")) {
                    search.look("headers of a dead letter", new String(header.value(), UTF_8));
                }
            }
        }
    }
}
