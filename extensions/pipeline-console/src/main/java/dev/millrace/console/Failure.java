package dev.millrace.console;

import java.util.Optional;

/**
 * Something that has failed.
 *
 * @param nanos when, of several the last time
 * @param kind what has become of it
 * @param stage where; empty where no stage is to blame
 * @param record its position; empty where it is no record that has failed
 * @param cause class of what was thrown
 * @param text what is known beyond that and may be shown
 * @param payload of the record, where it is known and may be shown
 * @param times how often
 */
record Failure(
        long nanos,
        Kind kind,
        String stage,
        String record,
        String cause,
        String text,
        Optional<Payload> payload,
        long times) {

    enum Kind {
        DEAD_LETTER("dead letter"),
        SKIPPED("skipped"),
        DATA_LOSS("data loss"),
        FAILED("failed"),
        RETRY("tried again"),
        UNAVAILABLE("unavailable"),
        RESTART("begins anew");

        final String text;

        Kind(String text) {
            this.text = text;
        }
    }
}
