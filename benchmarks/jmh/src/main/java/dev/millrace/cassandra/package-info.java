/** Measures parts of the connector from beside them: on the class path a package may lie in two places. */
@NullMarked
package dev.millrace.cassandra;

import org.jspecify.annotations.NullMarked;
