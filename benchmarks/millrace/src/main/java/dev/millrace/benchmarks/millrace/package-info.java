/** Millrace with its defaults. */
@NullMarked
package dev.millrace.benchmarks.millrace;

import org.jspecify.annotations.NullMarked;
