/**
 * A driver that runs pipelines in the thread of a test, with a time that the test moves; and real Kafka and Cassandra
 * servers for tests and examples, each in a JVM of its own, without Docker.
 *
 * <p>{@link dev.millrace.testkit.PipelineTestDriver} is the driver, and {@link dev.millrace.testkit.TestSource} what it
 * is given values by.
 *
 * <p>{@link dev.millrace.testkit.KafkaServer} and {@link dev.millrace.testkit.CassandraServer} start, stop, kill, pause
 * and restart a server; {@link dev.millrace.testkit.KafkaCluster} has several brokers;
 * {@link dev.millrace.testkit.KafkaServerExtension} and {@link dev.millrace.testkit.CassandraServerExtension} hand one
 * to JUnit tests.
 */
@NullMarked
package dev.millrace.testkit;

import org.jspecify.annotations.NullMarked;
