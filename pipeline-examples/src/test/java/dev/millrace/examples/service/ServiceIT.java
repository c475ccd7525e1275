package dev.millrace.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.examples.ChildJvm;
import dev.millrace.examples.TestServers;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The service in a process of its own, ended as a service manager does it. */
@ExtendWith(KafkaServerExtension.class)
class ServiceIT {

    private static final Pattern NUMBER = Pattern.compile("\"number\":(\\d+)");
    /** Of starting it, where Kafka does not answer in time on a machine that stands still. */
    private static final int ATTEMPTS = 5;

    @TempDir
    private Path directory;

    private KafkaServer kafka;

    @BeforeEach
    void beginAnew(KafkaServer kafka) throws Exception {
        this.kafka = kafka;
        TestServers.clear(kafka);
    }

    @Test
    void shouldHaveWrittenWhatItHasReadWhenItIsTerminated() throws Exception {
        Path file = directory.resolve("orders.jsonl");
        try (ChildJvm service = started("--file", file.toString(), "--rate", "500", "--drain-timeout", "5m")) {
            TestServers.await(() -> lines(file).size() >= 100);
            service.terminate();

            assertThat(service.awaitExit()).as(service.output()).isZero();
            assertThat(service.output()).doesNotContain("\tat ");
        }
        Map<TopicPartition, OffsetAndMetadata> committed = committed();
        Set<Long> read = TestServers.records(kafka, OrderPipelines.TOPIC).stream()
                .filter(record -> record.offset() < offset(committed, record.topic(), record.partition()))
                .filter(record -> !record.value().contains("\"cents\":0}"))
                .map(record -> number(record.value()))
                .collect(Collectors.toSet());
        Set<Long> written = lines(file).stream().map(ServiceIT::number).collect(Collectors.toSet());
        assertThat(read).isNotEmpty();
        assertThat(written).containsAll(read);
    }

    @Test
    void shouldEndWithAnExitCodeOfItsOwnWhenThePipelineFailsIfThatIsWanted() throws Exception {
        Path file = directory.resolve("orders.jsonl");
        try (ChildJvm service = started("--file", file.toString(), "--rate", "0", "--exit-on-failure")) {
            send("no order");

            assertThat(service.awaitExit()).as(service.output()).isEqualTo(1);
            assertThat(service.output())
                    .containsPattern("orders-[01]@0")
                    .doesNotContain("no order")
                    .doesNotContain("\tat ");
        }
    }

    /** Answering, on any port that is free. */
    private ChildJvm started(String... options) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("service", "--kafka", kafka.bootstrapServers(), "--port", "0"));
        arguments.addAll(Arrays.asList(options));
        for (int attempt = 1; ; attempt++) {
            ChildJvm service = ChildJvm.run(arguments.toArray(String[]::new));
            try {
                service.awaitLine(line -> line.startsWith("Answering at http://localhost:"));
                return service;
            } catch (AssertionError notStarted) {
                service.close();
                if (attempt == ATTEMPTS) {
                    throw notStarted;
                }
            }
        }
    }

    private void send(String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(OrderPipelines.TOPIC, value)).get(5, TimeUnit.MINUTES);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() throws Exception {
        try (Admin admin = TestServers.patientAdmin(kafka)) {
            return admin.listConsumerGroupOffsets("orders")
                    .partitionsToOffsetAndMetadata()
                    .get(5, TimeUnit.MINUTES);
        }
    }

    private static long offset(Map<TopicPartition, OffsetAndMetadata> committed, String topic, int partition) {
        OffsetAndMetadata offset = committed.get(new TopicPartition(topic, partition));
        return offset == null ? 0 : offset.offset();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(String order) {
        Matcher number = NUMBER.matcher(order);
        assertThat(number.find()).as(order).isTrue();
        return Long.parseLong(number.group(1));
    }
}
