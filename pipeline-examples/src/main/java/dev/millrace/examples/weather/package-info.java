/** Weather: asked of a service at intervals, sent to Kafka, written to Cassandra and to a backup. */
@NullMarked
package dev.millrace.examples.weather;

import org.jspecify.annotations.NullMarked;
