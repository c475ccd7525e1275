/** The fourth system: logins looked up in the table that they are written to. */
@NullMarked
package dev.millrace.examples.logins;

import org.jspecify.annotations.NullMarked;
