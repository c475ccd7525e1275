/** Kafka topics as sources and sinks of a pipeline; {@link dev.millrace.kafka.Kafka} is where to begin. */
@NullMarked
package dev.millrace.kafka;

import org.jspecify.annotations.NullMarked;
