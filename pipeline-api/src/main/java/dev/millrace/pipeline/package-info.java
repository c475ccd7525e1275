/** What a service writes: pipelines as immutable descriptions, and ready-made sources, enrichers and sinks. */
@NullMarked
package dev.millrace.pipeline;

import org.jspecify.annotations.NullMarked;
