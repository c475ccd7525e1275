/** A page that shows running pipelines, served on loopback. */
@NullMarked
package dev.millrace.console;

import org.jspecify.annotations.NullMarked;
