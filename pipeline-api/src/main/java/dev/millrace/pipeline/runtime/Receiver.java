package dev.millrace.pipeline.runtime;

import org.jspecify.annotations.Nullable;

/** Takes the values that a step lets go. */
@FunctionalInterface
interface Receiver {

    /** What follows the last step. */
    Receiver NONE = (flight, key, value) -> {};

    /**
     * Takes a value of a flight, of which the caller holds a token while this runs. Throws nothing but fatal errors.
     */
    void accept(Flight flight, @Nullable Object key, Object value);
}
