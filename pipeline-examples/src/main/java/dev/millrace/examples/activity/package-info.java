/** The third system: nested attempts, sent in large messages, read within bounds and unpacked. */
@NullMarked
package dev.millrace.examples.activity;

import org.jspecify.annotations.NullMarked;
