package dev.millrace.files;

import java.io.IOException;

/** How values become lines of a file. Thread-safe. */
interface LineFormat<T> {

    /** What the file is called in a diagram. */
    String kind();

    /** What a new file begins with; empty if nothing. */
    byte[] header();

    /**
     * The line of a value, with its end.
     *
     * @throws dev.millrace.pipeline.spi.RefusedRecordException if there is none that could be read back
     */
    byte[] line(T value);

    /** The most bytes of a line: one that is longer without its end is not one of these that was torn. */
    int maxLength();

    /** Whether a line end in quotes does not end the line. */
    boolean isQuoted();

    /**
     * Looks whether lines can be added to a file that is not empty.
     *
     * @throws IOException if it is not such a file
     */
    void check(FileInput file) throws IOException;
}
