package dev.millrace.kafka;

import static dev.millrace.pipeline.policy.FailurePolicy.deadLetter;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** The files of JSONTestSuite as the messages of a topic: each is written, or is a dead letter of the same bytes. */
class JsonTestSuiteIT {

    private static final ObjectMapper PLAIN = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Broker broker = Broker.shared();
    private final Collected collected = new Collected();
    private final String in = broker.newTopic(1);
    private final String letters = broker.newTopic(1);

    @Test
    void shouldWriteWhatIsValidAndKeepWhatIsNotAsItIs() throws Exception {
        List<Path> files = JsonTestSuite.files();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Path file : files) {
            records.add(new ProducerRecord<>(in, JsonTestSuite.bytes(file)));
        }
        List<Long> unused = broker.send(records);

        Pipeline pipeline = Pipeline.named("suite-" + in)
                .from(broker.kafka().source(in, JsonSerde.tree()).untilEnd())
                .map(JsonNode::toString)
                .to(collected.sink(), with().onFailure(deadLetter(broker.kafka().deadLetters(letters))));
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }

        Map<Long, String> read = new HashMap<>();
        collected
                .records()
                .forEach(record -> assertThat(read.put(record.position().offset(), record.value()))
                        .as("once")
                        .isNull());
        Map<Long, byte[]> kept = new HashMap<>();
        broker.read(letters)
                .forEach(letter -> assertThat(kept.put(offset(letter), letter.value()))
                        .as("once")
                        .isNull());
        for (int i = 0; i < files.size(); i++) {
            long offset = i;
            byte[] sent = JsonTestSuite.bytes(files.get(i));
            String name = files.get(i).getFileName().toString();
            if (JsonTestSuite.mustBeRead(name)) {
                assertThat(read.get(offset))
                        .as(name)
                        .isEqualTo(PLAIN.readTree(sent).toString());
            } else if (JsonTestSuite.mustBeRefused(name)) {
                assertThat(kept.get(offset)).as(name).isEqualTo(sent);
            } else if (kept.containsKey(offset)) {
                assertThat(kept.get(offset)).as(name).isEqualTo(sent);
            }
            assertThat(read.containsKey(offset)).as(name).isNotEqualTo(kept.containsKey(offset));
        }
        assertThat(read.size() + kept.size()).isEqualTo(files.size());
    }

    private static long offset(ConsumerRecord<byte[], byte[]> letter) {
        return Long.parseLong(new String(
                letter.headers().lastHeader("__connect.errors.offset").value(), UTF_8));
    }
}
