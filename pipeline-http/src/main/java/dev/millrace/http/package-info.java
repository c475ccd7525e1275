/** HTTP services as lookups of a pipeline. */
@NullMarked
package dev.millrace.http;

import org.jspecify.annotations.NullMarked;
