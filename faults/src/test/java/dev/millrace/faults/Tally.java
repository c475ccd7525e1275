package dev.millrace.faults;

import dev.millrace.pipeline.spi.Aggregator;
import dev.millrace.pipeline.spi.StateFormat;
import java.nio.ByteBuffer;

/**
 * How many events there are of a name, and the sum of their sequence numbers: one that is missing and another that was
 * counted twice do not come to the same.
 */
record Tally(long events, long seqs) {

    static final Tally NONE = new Tally(0, 0);

    Tally and(Event event) {
        return plus(new Tally(1, event.seq()));
    }

    Tally plus(Tally other) {
        return new Tally(events + other.events, seqs + other.seqs);
    }

    /** A row of the table of tallies. */
    record Named(String name, long events, long seqs) {

        Named(String name, Tally tally) {
            this(name, tally.events, tally.seqs);
        }
    }

    static final class OfEvents implements Aggregator<CountedEvents.Named, Tally, Tally> {

        @Override
        public Tally initial() {
            return NONE;
        }

        @Override
        public Tally add(Tally tally, CountedEvents.Named named) {
            return tally.and(named.event());
        }

        @Override
        public Tally merge(Tally one, Tally other) {
            return one.plus(other);
        }

        @Override
        public Tally result(Tally tally) {
            return tally;
        }

        @Override
        public StateFormat<Tally> format() {
            return StateFormat.of(
                    tally -> ByteBuffer.allocate(2 * Long.BYTES)
                            .putLong(tally.events)
                            .putLong(tally.seqs)
                            .array(),
                    bytes -> new Tally(
                            ByteBuffer.wrap(bytes).getLong(),
                            ByteBuffer.wrap(bytes).getLong(Long.BYTES)));
        }
    }
}
