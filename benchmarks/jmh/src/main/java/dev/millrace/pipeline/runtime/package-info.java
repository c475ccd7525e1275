/** Measures parts of the engine from beside them: on the class path a package may lie in two places. */
@NullMarked
package dev.millrace.pipeline.runtime;

import org.jspecify.annotations.NullMarked;
