package dev.millrace.kafka;

import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Whatever bytes a topic holds come to the sink or, as they are, to the dead letters. */
class CorruptJsonIT {

    private static final Map<String, String> LARGE = Map.of("max.message.bytes", Integer.toString(24 << 20));

    private final Broker broker = Broker.shared();
    private final Kafka kafka = broker.kafka().with("max.request.size", 24 << 20);
    private final Collected collected = new Collected();
    private final String in = broker.newTopic(1, LARGE);
    private final String letters = broker.newTopic(1, LARGE);

    @Test
    void shouldKeepEveryDocumentThatIsNotReadAsItIs() throws Exception {
        List<byte[]> documents = new ArrayList<>(CorruptJson.malformed().values());
        documents.addAll(CorruptJson.bombs().values());
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (byte[] document : documents) {
            records.add(new ProducerRecord<>(in, document));
            records.add(new ProducerRecord<>(in, CorruptJson.valid()));
        }
        List<Long> offsets = broker.send(records);
        Map<Long, byte[]> expected = new HashMap<>();
        for (int i = 0; i < documents.size(); i++) {
            expected.put(offsets.get(2 * i), documents.get(i));
        }

        run(kafka.deadLetters(letters));

        assertThat(collected.size()).isEqualTo(documents.size());
        assertThat(collected.distinct()).hasSize(1);
        Map<Long, byte[]> kept = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> letter : broker.read(letters)) {
            String offset = new String(
                    letter.headers().lastHeader("__connect.errors.offset").value(), UTF_8);
            assertThat(kept.put(Long.valueOf(offset), letter.value()))
                    .as("once")
                    .isNull();
        }
        assertThat(kept.keySet()).isEqualTo(expected.keySet());
        expected.forEach((offset, document) -> assertThat(kept.get(offset)).isEqualTo(document));
    }

    @Test
    void shouldTakeLargeRecordsLargeHeadersAndEmptyValues() throws Exception {
        String large = "[" + ("\"" + "x".repeat(500_000) + "\",").repeat(19) + "0]";
        broker.send(new ProducerRecord<>(in, large.getBytes(UTF_8)));
        broker.send(new ProducerRecord<>(in, new byte[10_000_000]));
        ProducerRecord<byte[], byte[]> wide = new ProducerRecord<>(in, "\"wide\"".getBytes(UTF_8));
        wide.headers().add("h", new byte[1_000_000]);
        broker.send(wide);
        ProducerRecord<byte[], byte[]> wideAndEmpty = new ProducerRecord<>(in, new byte[0]);
        wideAndEmpty.headers().add("h", new byte[1_000_000]);
        broker.send(wideAndEmpty);

        run(kafka.deadLetters(letters));

        assertThat(collected.values()).containsExactly("array of 20", "\"wide\"");
        assertThat(broker.read(letters))
                .extracting(letter -> letter.value().length)
                .containsExactly(10_000_000, 0);
        assertThat(broker.read(letters).get(1).headers().lastHeader("h").value())
                .hasSize(1_000_000);
    }

    @Test
    void shouldKeepTheHeadersOnlyOfWhatIsBeyondTheRequestsOfTheProducer() throws Exception {
        broker.send(new ProducerRecord<>(in, new byte[20_000_000]));
        run(broker.kafka().deadLetters(letters).headersOnlyWhereTooLarge());
        assertThat(broker.read(letters).get(0).value()).isEmpty();
    }

    private void run(KafkaDeadLetters store) throws InterruptedException {
        Pipeline pipeline = Pipeline.named("corrupt-" + in)
                .from(kafka.source(in, JsonSerde.tree()).untilEnd())
                .map(CorruptJsonIT::text)
                .to(collected.sink(), with().onFailure(deadLetter(store)));
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }
    }

    private static String text(JsonNode node) {
        return node.isArray() ? "array of " + node.size() : node.toString();
    }

    static {
        // Kafka's clients say much at INFO that a test log is better without.
        java.util.logging.Logger.getLogger("org.apache.kafka").setLevel(java.util.logging.Level.WARNING);
    }
}
