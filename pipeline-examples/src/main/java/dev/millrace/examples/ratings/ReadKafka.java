package dev.millrace.examples.ratings;

import dev.millrace.kafka.Kafka;
import dev.millrace.kafka.KafkaDeadLetters;
import dev.millrace.kafka.KafkaSource;
import org.apache.kafka.common.serialization.Serde;

/** Kafka, with its topics read as options say. */
record ReadKafka(Kafka kafka, ReadOptions options) {

    <T> KafkaSource<T> source(String topic, Serde<T> values) {
        return options.applyTo(kafka.source(topic, values));
    }

    KafkaDeadLetters deadLetters(String topic) {
        return kafka.deadLetters(topic);
    }
}
