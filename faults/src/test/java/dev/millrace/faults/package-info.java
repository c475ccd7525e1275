/**
 * A pipeline in a JVM of its own, under faults of its process, of Kafka, of Cassandra and of the network between them.
 * {@link dev.millrace.faults.PipelineUnderTest} is what runs there; {@link dev.millrace.faults.Oracle} judges from
 * outside, by clients that are not the library's.
 */
@org.jspecify.annotations.NullMarked
package dev.millrace.faults;
