/** What the examples share: the commands, and servers to run on. */
@NullMarked
package dev.millrace.examples;

import org.jspecify.annotations.NullMarked;
