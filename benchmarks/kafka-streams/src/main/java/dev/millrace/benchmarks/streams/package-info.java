/** Kafka Streams. */
@NullMarked
package dev.millrace.benchmarks.streams;

import org.jspecify.annotations.NullMarked;
