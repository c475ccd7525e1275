/** The states of aggregates, kept in a directory. */
@NullMarked
package dev.millrace.state;

import org.jspecify.annotations.NullMarked;
