/** Spring Kafka. */
@NullMarked
package dev.millrace.benchmarks.spring;

import org.jspecify.annotations.NullMarked;
