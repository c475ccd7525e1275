/** Connectors of one's own: a source, a sink and a lookup, as a user would write them. */
@NullMarked
package dev.millrace.examples.connectors;

import org.jspecify.annotations.NullMarked;
