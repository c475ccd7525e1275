/** Remembers what has been looked up. */
@NullMarked
package dev.millrace.cache;

import org.jspecify.annotations.NullMarked;
