/** Runs contenders side by side. */
@NullMarked
package dev.millrace.benchmarks.bench;

import org.jspecify.annotations.NullMarked;
