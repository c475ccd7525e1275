/** Files as sources and tables of a pipeline. */
@NullMarked
package dev.millrace.files;

import org.jspecify.annotations.NullMarked;
