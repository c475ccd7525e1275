/**
 * What a connector implements: recipes that open live readers, lookups and writers, and the contexts they are opened
 * with.
 */
@NullMarked
package dev.millrace.pipeline.spi;

import org.jspecify.annotations.NullMarked;
