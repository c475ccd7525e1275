/** Options of a stage: retry, batching, ordering, and what happens to a record that fails. */
@NullMarked
package dev.millrace.pipeline.policy;

import org.jspecify.annotations.NullMarked;
