/** Parquet files as sources and sinks of a pipeline. */
@NullMarked
package dev.millrace.parquet;

import org.jspecify.annotations.NullMarked;
