/** Apache Cassandra tables as sinks and lookups of a pipeline, and for the states of its aggregates. */
@NullMarked
package dev.millrace.cassandra;

import org.jspecify.annotations.NullMarked;
