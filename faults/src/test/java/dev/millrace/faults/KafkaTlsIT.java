package dev.millrace.faults;

import static dev.millrace.pipeline.policy.RetryPolicy.exponential;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.testkit.KafkaServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** F50: a broker and clients that show each other certificates. What is not as it should be is not spoken to. */
@Timeout(600)
class KafkaTlsIT {

    private static final String HOST = "127.0.0.1";

    @TempDir
    private static Path directory;

    private static Authority authority;
    private static Authority stranger;
    private static Path expired;
    private static Path renewed;
    private static Path shown;
    private static KafkaServer server;

    @BeforeAll
    static void startABrokerThatAsksForCertificates() throws Exception {
        authority = new Authority(directory, "authority");
        stranger = new Authority(directory, "stranger");
        expired = authority.expiredServer(HOST);
        renewed = authority.server(HOST);
        shown = Files.copy(authority.server(HOST), directory.resolve("shown.p12"));
        // A broker tries its certificate on itself as it starts, and takes one that has expired where it knows that
        // very one.
        Path trust = authority.trust(expired);
        server = Servers.kafkaOptions()
                .property("listener.security.protocol.map", "CLIENT:SSL,CONTROLLER:PLAINTEXT")
                .property("ssl.client.auth", "required")
                .property("ssl.keystore.location", shown.toString())
                .property("ssl.keystore.type", "PKCS12")
                .property("ssl.keystore.password", Authority.STORE_PASSWORD)
                .property("ssl.truststore.location", trust.toString())
                .property("ssl.truststore.type", "PKCS12")
                .property("ssl.truststore.password", Authority.STORE_PASSWORD)
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Refused<Kafka>> refused() throws Exception {
        String broker = server.bootstrapServers();
        Path trust = authority.trust();
        Path key = authority.client();
        String tls = "no TLS with Kafka at ";
        String ofTheClient = "the broker asks for a certificate that it trusts (ssl.keystore.location)";
        return Stream.of(
                new Refused<>(
                        "of an unknown authority",
                        kafka(broker, with(trusting(stranger.trust()), key)),
                        tls + broker + ": unable to find valid certification path"),
                new Refused<>(
                        "of another host",
                        kafka(broker.replace(HOST, "localhost"), with(trusting(trust), key)),
                        "No name matching localhost found"),
                new Refused<>("with none of the client's", kafka(broker, trusting(trust)), ofTheClient),
                new Refused<>(
                        "with one of the client's by an unknown authority",
                        kafka(broker, with(trusting(trust), stranger.client())),
                        ofTheClient),
                new Refused<>(
                        "by a protocol of old",
                        kafka(broker, with(trusting(trust), key)).with("ssl.enabled.protocols", "TLSv1.1"),
                        tls + broker + ": No appropriate protocol"),
                new Refused<>(
                        "without TLS", Kafka.at(broker), "no Kafka broker reachable at " + broker + " within 10 s"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void shouldNotStart(Refused<Kafka> refused) {
        Pipeline reading = Pipeline.named("read")
                .from(refused.connector().source("cities", Serdes.String()))
                .to(Sinks.discard());
        Pipeline writing = Pipeline.named("write")
                .from(Sources.of("Lima"))
                .to(refused.connector().sink("cities", Serdes.String()));
        for (Pipeline pipeline : List.of(reading, writing)) {
            assertThatThrownBy(() -> PipelineRunner.create().start(pipeline))
                    .isInstanceOf(PipelineFailedException.class)
                    .hasMessageContaining(refused.reason())
                    .hasMessageNotContainingAny("\n", Authority.STORE_PASSWORD);
        }
    }

    @Test
    void shouldBeginAnewUntilTheCertificateOfTheBrokerIsRenewed() throws Exception {
        Map<String, String> clients = with(trusting(authority.trust()), authority.client());
        Kafka kafka = kafka(server.bootstrapServers(), clients);
        createTopics(clients, "in", "out");
        Pipeline copy =
                Pipeline.named("copy").from(kafka.source("in", Serdes.String())).to(kafka.sink("out", Serdes.String()));
        try (RunningPipeline running = PipelineRunner.create()
                .restart(exponential(ofMillis(100), ofSeconds(1)))
                .start(copy)) {
            send(clients, 0, 100);
            awaitCopied(clients, 100, running);

            show(expired);
            Await.until(
                    "the refusal",
                    Await.PATIENCE,
                    running::explain,
                    () -> running.explain().contains("SslAuthenticationException"));
            show(renewed);
            send(clients, 100, 200);

            awaitCopied(clients, 200, running);
            assertThat(running.state()).isEqualTo(PipelineState.RUNNING);
            assertThat(running.explain()).doesNotContain(Authority.STORE_PASSWORD);
        }
    }

    /** The broker has this certificate from now on. */
    private static void show(Path keys) throws Exception {
        Files.copy(keys, shown, StandardCopyOption.REPLACE_EXISTING);
        server.stop();
        server.restart();
    }

    private static void createTopics(Map<String, String> clients, String... topics) throws Exception {
        try (Admin admin = Admin.create(config(clients))) {
            admin.createTopics(Stream.of(topics)
                            .map(topic -> new NewTopic(topic, 1, (short) 1))
                            .toList())
                    .all()
                    .get(1, TimeUnit.MINUTES);
        }
    }

    private static void send(Map<String, String> clients, int from, int to) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config(clients), new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> sent = IntStream.range(from, to)
                    .mapToObj(number -> producer.send(new ProducerRecord<>("in", Integer.toString(number))))
                    .toList();
            for (Future<RecordMetadata> each : sent) {
                each.get(Await.PATIENCE.toMinutes(), TimeUnit.MINUTES);
            }
        }
    }

    private static void awaitCopied(Map<String, String> clients, int count, RunningPipeline running) throws Exception {
        Set<String> sent = IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.toSet());
        Set<String> copied = new HashSet<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config(clients), new StringDeserializer(), new StringDeserializer())) {
            TopicPartition out = new TopicPartition("out", 0);
            consumer.assign(List.of(out));
            consumer.seekToBeginning(List.of(out));
            Await.until("all " + count, Await.PATIENCE, () -> copied.size() + " copied; " + running.explain(), () -> {
                consumer.poll(ofMillis(100)).forEach(record -> copied.add(record.value()));
                return copied.equals(sent);
            });
        }
    }

    private static Kafka kafka(String bootstrap, Map<String, String> clients) {
        Kafka kafka = Kafka.at(bootstrap);
        for (Map.Entry<String, String> property : clients.entrySet()) {
            kafka = kafka.with(property.getKey(), property.getValue());
        }
        return kafka;
    }

    private static Map<String, Object> config(Map<String, String> clients) {
        Map<String, Object> config = new HashMap<>(clients);
        config.put("bootstrap.servers", server.bootstrapServers());
        return config;
    }

    private static Map<String, String> trusting(Path store) {
        return Map.of(
                "security.protocol",
                "SSL",
                "ssl.truststore.location",
                store.toString(),
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.password",
                Authority.STORE_PASSWORD);
    }

    private static Map<String, String> with(Map<String, String> clients, Path key) {
        Map<String, String> all = new HashMap<>(clients);
        all.put("ssl.keystore.location", key.toString());
        all.put("ssl.keystore.type", "PKCS12");
        all.put("ssl.keystore.password", Authority.STORE_PASSWORD);
        return all;
    }
}
