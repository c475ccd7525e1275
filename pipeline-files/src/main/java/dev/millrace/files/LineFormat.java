package dev.millrace.files;

import java.io.IOException;
import java.nio.channels.FileChannel;

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

    /**
     * Looks, as a source reads it, whether lines can be added to a file, and where its whole lines end.
     *
     * @param file the same as the channel, whose position it moves
     * @return the offset behind the last whole line; 0 if the file is empty, or what a torn first line leaves
     * @throws IOException if it is not such a file, or a source would not come to its end
     */
    long wholeEnd(FileInput file, FileChannel channel) throws IOException;

    /** Whether what follows the last whole line lacks nothing but its line end. */
    boolean isWhole(byte[] tail);
}
