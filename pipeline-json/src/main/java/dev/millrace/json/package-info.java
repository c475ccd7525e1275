/** JSON for the modules of Millrace. */
@NullMarked
package dev.millrace.json;

import org.jspecify.annotations.NullMarked;
