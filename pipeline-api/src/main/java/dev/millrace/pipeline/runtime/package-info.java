/** Running a pipeline: the runner, the running pipeline, its states, listeners and statistics. */
@NullMarked
package dev.millrace.pipeline.runtime;

import org.jspecify.annotations.NullMarked;
