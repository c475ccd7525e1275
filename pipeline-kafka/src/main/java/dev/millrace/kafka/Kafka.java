package dev.millrace.kafka;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A Kafka cluster, as a recipe: nothing connects before a pipeline starts.
 *
 * <pre>{@code
 * Kafka kafka = Kafka.at("localhost:9092").with("security.protocol", "SSL");
 * }</pre>
 *
 * <p>Topics must exist; nothing here creates one. Each start of a pipeline has clients of its own, closed when it ends.
 * {@link #toString} shows no value that could be secret. Immutable and thread-safe.
 */
public final class Kafka {

    private final ClientProperties properties;

    private Kafka(ClientProperties properties) {
        this.properties = properties;
    }

    /**
     * A cluster reached by one or more of its brokers.
     *
     * @throws IllegalArgumentException unless {@code servers} is {@code host:port}, or several with commas between them
     * @param servers where to ask first, such as {@code localhost:9092}
     */
    public static Kafka at(String servers) {
        return new Kafka(ClientProperties.at(servers));
    }

    /**
     * With a property of the Kafka clients, such as {@code security.protocol} or {@code fetch.max.bytes}. It goes to
     * each client that knows it: consumers, producers and the one that looks at topics before a start.
     *
     * <p>Defaults that differ from the client's: {@code isolation.level} read_committed;
     * {@code partition.assignment.strategy} cooperative-sticky, under the classic group protocol;
     * {@code max.poll.records} what the engine asks for; {@code batch.size} 64 KiB; {@code max.request.size} 10 MiB, so
     * that the topic's own limit decides; {@code delivery.timeout.ms} without limit, so that retries stay in order.
     *
     * @throws IllegalArgumentException if the clients do not know the property, if the value is not of its type, or if
     *     a pipeline relies on its value; the message says which and why, and never repeats the value
     */
    public Kafka with(String property, Object value) {
        return new Kafka(properties.with(property, value));
    }

    /** As {@link #with(String, Object)} for each entry. */
    public Kafka with(Map<String, ?> properties) {
        Kafka kafka = this;
        for (Map.Entry<String, ?> property : properties.entrySet()) {
            kafka = kafka.with(property.getKey(), property.getValue());
        }
        return kafka;
    }

    /**
     * With a property that the clients do not know but something plugged into them does, such as an interceptor, a
     * metrics reporter or a login handler. It goes to all clients, and a misspelt name goes unnoticed.
     *
     * @throws IllegalArgumentException if the clients do know it: then it belongs to {@link #with(String, Object)}
     */
    public Kafka withCustom(String property, Object value) {
        return new Kafka(properties.withCustom(property, value));
    }

    /** The records of a topic, their values in the given format. */
    public <T> KafkaSource<T> source(String topic, Serde<T> values) {
        return source(List.of(topic), values.deserializer());
    }

    /**
     * The records of a topic, their values made by a deserializer. That is configured by the caller, and never closed
     * here.
     */
    public <T> KafkaSource<T> source(String topic, Deserializer<T> values) {
        return source(List.of(topic), values);
    }

    /** The records of several topics, their values in the given format. */
    public <T> KafkaSource<T> source(List<String> topics, Serde<T> values) {
        return source(topics, values.deserializer());
    }

    /** The records of several topics, their values made by a deserializer. */
    public <T> KafkaSource<T> source(List<String> topics, Deserializer<T> values) {
        return KafkaSource.of(properties, topics, values);
    }

    /** Writes to a topic, values in the given format. */
    public <T> KafkaSink<T> sink(String topic, Serde<T> values) {
        return sink(topic, values.serializer());
    }

    /**
     * Writes to a topic, values made bytes by a serializer. That is configured by the caller, called by one thread at a
     * time, and never closed here. Where it gives {@code null}, a tombstone is written.
     */
    public <T> KafkaSink<T> sink(String topic, Serializer<T> values) {
        return KafkaSink.of(properties, topic, values);
    }

    /** Keeps dead letters in a topic: the original bytes and headers, and why the record failed. */
    public KafkaDeadLetters deadLetters(String topic) {
        return KafkaDeadLetters.of(properties, topic);
    }

    /** Puts the records of a dead-letter topic back into the topics that they came from. */
    public Redrive redrive(String deadLetters) {
        return Redrive.of(properties, deadLetters);
    }

    /** The servers and the properties' names; values only where they cannot be secret. */
    @Override
    public String toString() {
        return "Kafka[" + properties + "]";
    }
}
