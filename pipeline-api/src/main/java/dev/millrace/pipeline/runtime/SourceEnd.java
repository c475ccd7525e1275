package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.SourceReader;

/** Where a source ends: by itself, or where it does at the moment when that is asked for. The source loop's. */
final class SourceEnd {

    private static final int POLLS_TO_BE_SURE = 2;

    private final SourceReader<?> reader;
    private boolean isSought;
    private boolean isForReaderToSay;
    private int emptyPolls;

    SourceEnd(SourceReader<?> reader) {
        this.reader = reader;
    }

    void seekIf(boolean isAsked) {
        if (isAsked && !isSought) {
            isSought = true;
            emptyPolls = 0;
            isForReaderToSay = reader.finish();
        }
    }

    /** Whether a poll that could have brought anything has brought nothing. */
    void polled(boolean isEmpty) {
        emptyPolls = isEmpty ? emptyPolls + 1 : 0;
    }

    boolean isReached() {
        return isToBeFound() && emptyPolls >= POLLS_TO_BE_SURE || reader.isExhausted();
    }

    /** Whether it is near, and another poll is to say whether that is it. */
    boolean isInDoubt() {
        return isToBeFound() && emptyPolls > 0;
    }

    private boolean isToBeFound() {
        return isSought && !isForReaderToSay;
    }
}
