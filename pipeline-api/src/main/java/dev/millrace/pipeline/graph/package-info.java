/** The description of a pipeline as data: what diagrams, tests and other runners read. */
@NullMarked
package dev.millrace.pipeline.graph;

import org.jspecify.annotations.NullMarked;
