/** Pekko Streams. */
@NullMarked
package dev.millrace.benchmarks.pekko;

import org.jspecify.annotations.NullMarked;
