package dev.millrace.pipeline.spi;

import java.util.Objects;

/**
 * The state of a key, as a {@link StateStore} keeps it. The arrays belong to whoever holds it and must not be changed.
 *
 * @param key bytes of the key
 * @param offset of the last record that the state includes; of two states of a key the one with the higher offset
 *     counts
 * @param state its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // as compact as can be: a store may keep millions
public record KeptState(byte[] key, long offset, byte[] state) {

    /** Checks that all is there. */
    public KeptState {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(state, "state");
    }
}
