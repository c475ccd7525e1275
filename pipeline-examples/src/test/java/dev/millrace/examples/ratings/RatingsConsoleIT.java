package dev.millrace.examples.ratings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.examples.TestServers;
import dev.millrace.kafka.Kafka;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.testkit.KafkaServer;
import dev.millrace.testkit.KafkaServerExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import picocli.CommandLine;

@ExtendWith(KafkaServerExtension.class)
class RatingsConsoleIT {

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final PrintStream console = new PrintStream(output, true, UTF_8);

    private KafkaServer kafka;

    @BeforeEach
    void beginAnew(KafkaServer kafka) throws Exception {
        this.kafka = kafka;
        TestServers.clear(kafka);
        try (Admin admin = SystemServers.admin(kafka)) {
            admin.createTopics(List.of(new NewTopic("ratings", 1, (short) 1)))
                    .all()
                    .get(5, TimeUnit.MINUTES);
        }
        send("Maria", "Halkaa");
        send("Maria", "A film whose title is longer than any terminal is wide, as those of documentaries often are");
        sendAsIs("no rating");
        send("Maria", "Metropolis");
    }

    private void send(String user, String movie) {
        sendAsIs("{\"user\":\"" + user + "\",\"movie\":\"" + movie
                + "\",\"rating\":7,\"timestamp\":\"2025-03-25T09:53:42\"}");
    }

    private void sendAsIs(String message) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("ratings", message)).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private String show(String... options) {
        CommandLine command = new CommandLine(new RatingsConsole(console))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setErr(new PrintWriter(console, true, UTF_8));
        output.reset();
        assertThat(command.parseArgs(options).errors()).isEmpty();
        assertThat(command.execute(options)).as(output.toString(UTF_8)).isZero();
        return output.toString(UTF_8);
    }

    @Test
    void shouldShowAllRatingsUntruncatedEachTimeAndSayWhichMessagesAreNone() {
        for (int run = 1; run <= 2; run++) {
            assertThat(show("--kafka", kafka.bootstrapServers(), "--until-end"))
                    .as("run " + run)
                    .containsPattern("user\\s+movie\\s+rating\\s+timestamp")
                    .containsPattern("Maria\\s+Halkaa\\s+7\\s+2025-03-25T09:53:42Z")
                    .contains("A film whose title is longer than any terminal is wide, as those of documentaries often")
                    .contains("Metropolis")
                    .containsPattern("left out: ratings-0@2: .*\\$ is no JSON")
                    .doesNotContain("no rating");
        }
    }

    @Test
    void shouldShowNoneOfBeforeWhenItStartsAtTheLatest() {
        assertThat(show("--kafka", kafka.bootstrapServers(), "--until-end", "--start", "latest"))
                .doesNotContain("Maria");

        ReadOptions reading = new ReadOptions();
        reading.start = ReadOptions.Start.LATEST;
        try (RunningPipeline running = PipelineRunner.create()
                .start(RatingsConsole.pipeline(Kafka.at(kafka.bootstrapServers()), reading, console))) {
            TestServers.await(() -> {
                send("Henry", "M");
                return output.toString(UTF_8).contains("Henry");
            });
            assertThat(running.failure()).isEmpty();
        }
        assertThat(output.toString(UTF_8)).doesNotContain("Maria");
    }
}
