/** What flows: records with their headers and position, and the dead letters made of those that failed. */
@NullMarked
package dev.millrace.pipeline.record;

import org.jspecify.annotations.NullMarked;
