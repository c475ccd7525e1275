/** Loops that an expert writes by hand: the limit that a library is measured by. */
@NullMarked
package dev.millrace.benchmarks.handwritten;

import org.jspecify.annotations.NullMarked;
