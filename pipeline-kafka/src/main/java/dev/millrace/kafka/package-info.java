/** Apache Kafka topics as sources, sinks and dead letters of a pipeline. */
@NullMarked
package dev.millrace.kafka;

import org.jspecify.annotations.NullMarked;
