/** Movie ratings: made up, sent to Kafka, joined with a catalogue, written to Cassandra. */
@NullMarked
package dev.millrace.examples.ratings;

import org.jspecify.annotations.NullMarked;
