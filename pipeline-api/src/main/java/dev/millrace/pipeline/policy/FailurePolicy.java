package dev.millrace.pipeline.policy;

import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.spi.Sink;
import java.util.Objects;

/**
 * What becomes of a record that a stage has given up on. Nothing is ever skipped silently: each choice is counted.
 * Where the stage itself can work no more, as {@link dev.millrace.pipeline.spi.StageFailedException} says, no record is
 * to blame, and the pipeline ends in FAILED whatever is chosen here.
 */
public sealed interface FailurePolicy {

    /** The pipeline ends in FAILED with the place and the cause; a restart begins with that record. The default. */
    static FailurePolicy stop() {
        return Stop.INSTANCE;
    }

    /** The record counts as done. */
    static FailurePolicy skip() {
        return Skip.INSTANCE;
    }

    /**
     * The record as the source read it is stored, and counts as done once the store has acknowledged it. If it cannot
     * be stored, the pipeline ends in FAILED.
     */
    static FailurePolicy deadLetter(Sink<DeadLetter> store) {
        return new ToDeadLetters(store);
    }

    /** See {@link #stop()}. */
    enum Stop implements FailurePolicy {
        /** The only one. */
        INSTANCE
    }

    /** See {@link #skip()}. */
    enum Skip implements FailurePolicy {
        /** The only one. */
        INSTANCE
    }

    /**
     * See {@link #deadLetter}.
     *
     * @param store keeps the dead letters
     */
    record ToDeadLetters(Sink<DeadLetter> store) implements FailurePolicy {

        /** Checks that there is a store. */
        public ToDeadLetters {
            Objects.requireNonNull(store, "store");
        }
    }
}
