/** What connectors of other kinds of files are made of, too. It is for them alone, and may change at any time. */
@NullMarked
package dev.millrace.files.internal;

import org.jspecify.annotations.NullMarked;
