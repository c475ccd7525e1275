package dev.millrace.faults;

import java.time.Instant;
import java.util.Optional;

/** A row of the table that has one for each event. */
record EventRow(String key, long seq, String id, long crc, Optional<String> region) {

    /** Ends the id of what is poisoned, for a sink that sees no checksum. */
    static final String POISON = "p";

    static EventRow of(Event event, Optional<Region> region) {
        return new EventRow(event.key(), event.seq(), event.id(), event.crc(), region.map(Region::name));
    }

    boolean isPoisoned() {
        return id.endsWith(POISON);
    }

    /** The version of a key's latest row, so that neither a replay nor a zombie sets it back. */
    Instant version() {
        return Instant.EPOCH.plusMillis(seq);
    }

    /** A line of the file that events are joined with. */
    record Region(String key, String name) {

        private static final int KNOWN = 100;

        /** Half of the keys have one. */
        static Optional<Region> of(String key) {
            int number = Integer.parseInt(key.substring(1));
            return number < KNOWN ? Optional.of(new Region(key, "region " + number % 7)) : Optional.empty();
        }
    }
}
