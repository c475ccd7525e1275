/** Metrics of pipelines for Micrometer. The one package that needs it. */
@NullMarked
package dev.millrace.pipeline.micrometer;

import org.jspecify.annotations.NullMarked;
