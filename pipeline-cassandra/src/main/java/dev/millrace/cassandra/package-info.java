/** Apache Cassandra tables as sinks and lookups of a pipeline. */
@NullMarked
package dev.millrace.cassandra;

import org.jspecify.annotations.NullMarked;
