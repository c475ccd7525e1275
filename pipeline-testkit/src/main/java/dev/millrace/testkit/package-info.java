/**
 * Real Kafka and Cassandra servers for tests and examples, each in a JVM of its own, without Docker.
 *
 * <p>{@link dev.millrace.testkit.KafkaServer} and {@code CassandraServer} start, stop, kill, pause and restart a
 * server; {@code KafkaServerExtension} and {@code CassandraServerExtension} hand one to JUnit tests.
 */
@NullMarked
package dev.millrace.testkit;

import org.jspecify.annotations.NullMarked;
