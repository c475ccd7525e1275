/** Confluent's parallel-consumer. */
@NullMarked
package dev.millrace.benchmarks.parallel;

import org.jspecify.annotations.NullMarked;
