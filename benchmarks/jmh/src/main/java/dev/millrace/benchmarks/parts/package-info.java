/** Measures what can be reached from anywhere. */
@NullMarked
package dev.millrace.benchmarks.parts;

import org.jspecify.annotations.NullMarked;
