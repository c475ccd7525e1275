/** What every contender does with the same records, and how it is measured. */
@NullMarked
package dev.millrace.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
