package dev.millrace.kafka;

import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads whole consumer records, as bytes: nothing in them can make a poll fail. */
record RawSource(SourceOptions options) implements Source<ConsumerRecord<byte[], byte[]>> {

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public SourceReader<ConsumerRecord<byte[], byte[]>> open(SourceContext context) throws Exception {
        ReadPlan plan;
        try (Cluster cluster = Cluster.open(options.cluster(), context)) {
            plan = ReadPlan.of(context.isPreview() ? options.forPreview() : options, context, cluster);
        } catch (AuthorizationException e) {
            throw Rights.missingToRead(e);
        }
        Map<String, Object> config =
                ClientConfigs.consumer(options.cluster(), plan.group(), context.pollLimit(), context);
        Consumer<byte[], byte[]> consumer;
        try {
            consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw ClientFailures.notCreated(options.cluster().servers(), e);
        }
        TopicWatch watch = TopicWatch.of(options.cluster(), options.topics(), context);
        KafkaReader reader = new KafkaReader(consumer, plan, watch, context);
        try {
            reader.begin();
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
        return reader;
    }

    @Override
    public String describe() {
        String topics = options.topics().size() == 1 ? "topic " : "topics ";
        return "Kafka " + topics + String.join(", ", options.topics()) + (options.bounded() ? " until its end" : "");
    }
}
