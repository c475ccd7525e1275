package dev.millrace.examples.activity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.examples.TestServers;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The example as a user runs it, checked message by message and row by row against what is in the file. */
@ExtendWith(KafkaServerExtension.class)
class UserActivityIT {

    /** Three real attempts, one a line; they are not part of the project. */
    private static final Path REAL =
            Path.of(System.getProperty("millrace.data", "no-data"), "w205", "assessment-attempts-3-records.jsonl");

    private static final int KAFKAS_OWN_LIMIT = 1_048_588;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    private KafkaServer kafka;
    private Path rows;

    @BeforeEach
    void beginAnew(KafkaServer kafka) throws Exception {
        this.kafka = kafka;
        rows = directory.resolve("questions.jsonl");
        TestServers.clear(kafka);
    }

    @Test
    void shouldSendAThousandAttemptsInAMessageAndMakeARowOfEachQuestion() throws Exception {
        Path file = directory.resolve("attempts.json");
        SampleAttempts.write(file, 7);
        List<JsonNode> attempts = IndependentRows.attempts(file);
        assertThat(attempts).hasSize(3_280);

        int exitCode = run("--seed", "7", "--show-schema");

        assertThat(exitCode).as(output.toString(UTF_8)).isZero();
        List<JsonNode> messages = messages();
        assertThat(messages).extracting(JsonNode::isArray).containsExactly(true, true, true, true, false);
        assertThat(messages.subList(0, 4)).extracting(JsonNode::size).containsExactly(1_000, 1_000, 1_000, 279);
        List<JsonNode> sent = new ArrayList<>();
        messages.subList(0, 4).forEach(message -> message.forEach(sent::add));
        sent.add(messages.get(4));
        assertThat(sent).isEqualTo(attempts);
        List<JsonNode> firstRead = attempts.subList(0, 3_279);
        assertThat(IndependentRows.lines(rows)).isEqualTo(IndependentRows.rowsOf(firstRead));
        assertThatItSumsUp(firstRead);
        assertThatTheSecondReadHasOnly(attempts.get(3_279), 4);
        assertThat(output.toString(UTF_8))
                .contains("Published 3,279 attempts in 4 messages")
                .containsPattern("key\\s+value\\s+topic\\s+partition\\s+offset\\s+timestamp")
                .containsPattern("null\\s+\\[\\{.{20,60}…\\s+video-books-assessments\\s+0\\s+3\\s+20")
                .contains("root: array", " |    |-- exam_name: string", " |    |-- certification: string (optional)");
    }

    @Test
    void shouldSendMessagesThatKafkaDoesNotTakeOfItself() throws Exception {
        assertThat(run()).as(output.toString(UTF_8)).isZero();

        List<ConsumerRecord<String, String>> records = TestServers.records(kafka, ActivityTopic.NAME);
        assertThat(records.subList(0, 3))
                .allSatisfy(record -> assertThat(record.serializedValueSize())
                        .isGreaterThan(KAFKAS_OWN_LIMIT)
                        .isLessThan(ActivityTopic.MAX_MESSAGE_BYTES));
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, ActivityTopic.NAME);
        try (Admin admin = admin()) {
            assertThat(admin.describeConfigs(List.of(topic))
                            .all()
                            .get(5, TimeUnit.MINUTES)
                            .get(topic)
                            .get("max.message.bytes")
                            .value())
                    .isEqualTo("5242880");
        }
    }

    @Test
    void shouldReadTheLastMessageAloneAlsoWhereTheTopicHeldOthersBefore() throws Exception {
        Path file = sampleOf(5);
        assertThat(run("--file", file.toString(), "--chunk", "2")).isZero();
        Files.delete(rows);
        output.reset();

        assertThat(run("--file", file.toString(), "--chunk", "2"))
                .as(output.toString(UTF_8))
                .isZero();

        List<JsonNode> attempts = IndependentRows.attempts(file);
        List<JsonNode> firstRead = new ArrayList<>(attempts);
        firstRead.addAll(attempts.subList(0, 4));
        assertThat(IndependentRows.lines(rows)).isEqualTo(IndependentRows.rowsOf(firstRead));
        assertThatTheSecondReadHasOnly(attempts.get(4), 5);
    }

    @Test
    void shouldReadOnFromWhereTheTopicEndsWhateverHasBeenDeletedFromIt() throws Exception {
        createTopic(1, Map.of("max.message.bytes", "5242880"));
        send("[]", "[]", "[]");
        try (Admin admin = admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(ActivityTopic.NAME, 0), RecordsToDelete.beforeOffset(3)))
                    .all()
                    .get(5, TimeUnit.MINUTES);
        }
        Path file = sampleOf(5);

        assertThat(run("--file", file.toString(), "--chunk", "2"))
                .as(output.toString(UTF_8))
                .isZero();

        assertThatTheSecondReadHasOnly(IndependentRows.attempts(file).get(4), 5);
    }

    @Test
    void shouldSayWhatIsWrongWithATopicThatIsThere() throws Exception {
        createTopic(1, Map.of());
        assertThat(run()).isEqualTo(1);
        assertThat(output.toString(UTF_8))
                .contains("the topic 'video-books-assessments' must have max.message.bytes 5242880, got 1048588");

        TestServers.clear(kafka);
        createTopic(2, Map.of("max.message.bytes", "5242880"));
        assertThat(run()).isEqualTo(1);
        assertThat(output.toString(UTF_8))
                .contains("the topic 'video-books-assessments' must have 1 partition, got 2")
                .doesNotContain("Published");
    }

    @Test
    void shouldSayThatAMessageHasNoSchemaWhenItIsNoJson() throws Exception {
        createTopic(1, Map.of("max.message.bytes", "5242880"));
        send("no JSON");

        assertThat(run("--file", sampleOf(5).toString(), "--show-schema")).isEqualTo(1);
        assertThat(output.toString(UTF_8)).contains("the first message of 'video-books-assessments' is no JSON");
    }

    @Test
    void shouldSendNumbersAsTheFileHasThem() throws Exception {
        Path file = sampleOf(3);
        String numbers = "{\"score\":0.1234567890123456789,\"share\":1.10,\"large\":12345678901234567.89,";
        Files.writeString(file, Files.readString(file).replaceFirst("\\{", numbers));

        assertThat(run("--file", file.toString())).as(output.toString(UTF_8)).isZero();

        assertThat(TestServers.records(kafka, ActivityTopic.NAME).get(0).value())
                .startsWith("[" + numbers);
    }

    private void createTopic(int partitions, Map<String, String> settings) throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(ActivityTopic.NAME, partitions, (short) 1).configs(settings)))
                    .all()
                    .get(5, TimeUnit.MINUTES);
        }
    }

    private void send(String... messages) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (String message : messages) {
                producer.send(new ProducerRecord<>(ActivityTopic.NAME, message)).get(5, TimeUnit.MINUTES);
            }
        }
    }

    private Admin admin() {
        return TestServers.patientAdmin(kafka);
    }

    @Test
    void shouldUnpackRealAttempts() throws Exception {
        assumeThat(REAL).as("given by -Dmillrace.data").exists();
        Path file = directory.resolve("real.json");
        Files.writeString(file, "[" + String.join(",", Files.readAllLines(REAL)) + "]");

        assertThat(run("--file", file.toString())).as(output.toString(UTF_8)).isZero();

        List<JsonNode> attempts = IndependentRows.attempts(file);
        assertThat(attempts).hasSize(3);
        assertThat(messages()).containsExactly(IndependentRows.array(attempts.subList(0, 2)), attempts.get(2));
        assertThat(IndependentRows.lines(rows))
                .isEqualTo(IndependentRows.rowsOf(attempts.subList(0, 2)))
                .hasSize(8);
        assertThatTheSecondReadHasOnly(attempts.get(2), 1);
    }

    private void assertThatItSumsUp(List<JsonNode> attempts) {
        Map<String, Integer> exams = IndependentRows.byExam(attempts);
        List<String> many = exams.entrySet().stream()
                .filter(exam -> exam.getValue() > 100)
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(exam -> String.format(Locale.ROOT, "  %-25s %,d", exam.getKey(), exam.getValue()))
                .toList();
        assertThat(exams).hasSize(103);
        assertThat(many).hasSizeBetween(2, 20);
        String firstRead = output.toString(UTF_8).split("Read from", 3)[1];
        assertThat(firstRead)
                .startsWith(" earliest to the end")
                .containsPattern("messages +4\\b")
                .containsPattern("attempts +3,279\\b")
                .containsPattern("exams +103\\b");
        assertThat(firstRead
                        .lines()
                        .dropWhile(line -> !line.matches("more than 100 times +" + many.size()))
                        .skip(1)
                        .takeWhile(line -> line.startsWith("  ")))
                .containsExactlyElementsOf(many);
    }

    /** A line of the table has the id of the question. */
    private void assertThatTheSecondReadHasOnly(JsonNode attempt, long offset) {
        String secondRead = output.toString(UTF_8).split("Published the last attempt", 2)[1];
        List<JsonNode> expected = IndependentRows.rowsOf(List.of(attempt));
        assertThat(secondRead)
                .contains("Read from offsets {0=" + offset + "} to the end")
                .containsPattern("messages +1\\b")
                .containsPattern("attempts +1\\b")
                .containsPattern("exams +1\\b")
                .containsPattern("questions +" + expected.size() + "\\b");
        List<String> lines = secondRead
                .lines()
                .filter(line -> line.startsWith(attempt.get("exam_name").textValue()))
                .toList();
        assertThat(lines).hasSameSizeAs(expected);
        List<String> names = secondRead
                .lines()
                .filter(line -> line.startsWith("examName\t"))
                .map(line -> List.of(line.split("\t", -1)))
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < lines.size(); i++) {
            String[] cells = lines.get(i).split("\t", -1);
            assertThat(cells[names.indexOf("id")])
                    .isEqualTo(expected.get(i).get("id").textValue());
            assertThat(cells[names.indexOf("userResult")])
                    .isEqualTo(expected.get(i).path("user_result").asText("null"));
            assertThat(cells[names.indexOf("userCorrect")])
                    .isEqualTo(expected.get(i).get("user_correct").asText());
        }
    }

    private List<JsonNode> messages() throws Exception {
        List<JsonNode> messages = new ArrayList<>();
        for (ConsumerRecord<String, String> record : TestServers.records(kafka, ActivityTopic.NAME)) {
            messages.add(IndependentRows.message(record.value()));
        }
        return messages;
    }

    private Path sampleOf(int count) throws Exception {
        Path file = directory.resolve("attempts.json");
        SampleAttempts.write(file, 3);
        List<JsonNode> attempts = IndependentRows.attempts(file).subList(0, count);
        Files.writeString(file, IndependentRows.array(attempts).toString());
        return file;
    }

    private int run(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("--kafka", kafka.bootstrapServers(), "--rows", rows.toString()));
        arguments.addAll(Arrays.asList(options));
        PrintStream console = new PrintStream(output, true, UTF_8);
        return new CommandLine(new UserActivity(console))
                .setErr(new PrintWriter(console, true, UTF_8))
                .execute(arguments.toArray(String[]::new));
    }
}
