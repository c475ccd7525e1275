package dev.millrace.faults;

import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.files.Csv;
import dev.millrace.files.CsvRow;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F33: rows of a file that cannot be used become dead letters in Kafka, each by itself and with its place. */
class BadCsvIT {

    record Film(String title, int year) {}

    @Test
    void shouldStoreEachBadRowWithItsPlaceAndReadOnWhenTheFileIsBroken(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("films.csv"),
                "\uFEFFtitle,year\nFirst,1901\nwide,1902,too much\nno number,secret\n\"stray\" quote,1903\n"
                        + "narrow\nNUL \0 is text,1904\n" + "x".repeat(5_000) + ",1905\nLast,1906\n",
                StandardCharsets.UTF_8);
        String topic = "films-dlq";
        Servers.admin()
                .createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                .all()
                .get(1, TimeUnit.MINUTES);
        Queue<Film> films = new ConcurrentLinkedQueue<>();
        Kafka kafka = Kafka.at(Servers.kafka().bootstrapServers());
        Pipeline pipeline = Pipeline.named("films")
                .from(Csv.source(file, Film.class).maxLength(1_000))
                .to(
                        Sinks.into(films),
                        with().onFailure(deadLetter(
                                kafka.deadLetters(topic).serializing((unused, value) -> text((CsvRow) value)))));

        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            assertThat(running.awaitTermination(Await.PATIENCE)).isTrue();
        }

        assertThat(films)
                .containsExactly(new Film("First", 1901), new Film("NUL \0 is text", 1904), new Film("Last", 1906));
        assertThat(deadLetters(topic, 5))
                .containsOnlyKeys("films.csv@1", "films.csv@2", "films.csv@3", "films.csv@4", "films.csv@6")
                .containsEntry("films.csv@1", "3: wide|1902|too much")
                .containsEntry("films.csv@2", "4: no number|secret")
                .containsEntry("films.csv@3", "5: \"stray\" quote,1903")
                .containsEntry("films.csv@4", "6: narrow");
    }

    private static byte[] text(CsvRow row) {
        return (row.line() + ": " + String.join("|", row.values())).getBytes(StandardCharsets.UTF_8);
    }

    /** By the position that their header tells. */
    private static Map<String, String> deadLetters(String topic, int count) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", Servers.kafka().bootstrapServers(), "enable.auto.commit", false);
        Map<String, String> letters = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, (long) count);
            while (letters.size() < count) {
                for (ConsumerRecord<String, String> letter : consumer.poll(Duration.ofSeconds(1))) {
                    letters.put(
                            new String(
                                    letter.headers()
                                            .lastHeader("millrace.position")
                                            .value(),
                                    StandardCharsets.UTF_8),
                            letter.value());
                }
            }
        }
        return letters;
    }
}
