/** The fifth system: films from gzipped files, sent at a set rate, scored, and counted by genre. */
@NullMarked
package dev.millrace.examples.imdb;

import org.jspecify.annotations.NullMarked;
