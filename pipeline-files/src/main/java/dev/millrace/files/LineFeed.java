package dev.millrace.files;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/*
 * What the CSV parser reads from: whole lines, one a read. The parser, which buffers what it is given, is thereby never
 * ahead of the line it needs, so that a row it refuses can be left behind by starting anew with the next line, and a row
 * that never ends is stopped before it fills the memory. (After a lone CR the parser looks for an LF and so is one line
 * ahead; the limits are then less exact, no more.)
 *
 * A line that is too long is replaced by a blank one, a flaw that the row made of it must be asked for.
 */
final class LineFeed extends Reader {

    private static final char[] BLANK = {'\n'};

    private final String name;
    private final TextLines lines;
    private final int maxRowLength;
    private final ArrayDeque<Flaw> flaws = new ArrayDeque<>();
    private int given;
    private int available;
    private long rowLength;
    private boolean isQuoteOpen;
    private long openedAt;
    private boolean isAtEnd;

    /** Why a line cannot be trusted. */
    record Flaw(long line, boolean isCut, boolean isQuoteOpen, String text) {}

    LineFeed(String name, TextLines lines, int maxRowLength) {
        super(lines);
        this.name = name;
        this.lines = lines;
        this.maxRowLength = maxRowLength;
    }

    /** From here on, what is read belongs to another row. */
    void beginRow() {
        rowLength = 0;
        isQuoteOpen = false;
        openedAt = 0;
    }

    /** The first flaw of a row, which ends in the given line; null if there is none. */
    @Nullable
    Flaw flawUpTo(long line) {
        Flaw first = null;
        while (!flaws.isEmpty() && flaws.peek().line() <= line) {
            Flaw flaw = flaws.remove();
            first = first == null || flaw.isCut() ? flaw : first;
        }
        return first;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        if (given == available && !advance()) {
            isAtEnd = true;
            return -1;
        }
        int count = Math.min(length, available - given);
        if (lines.isCut()) {
            System.arraycopy(BLANK, given, buffer, offset, count);
        } else {
            lines.copy(given, buffer, offset, count);
        }
        given += count;
        return count;
    }

    private boolean advance() throws IOException {
        if (rowLength > maxRowLength) {
            throw new IOException(name + " line " + opened() + ": a quote opens here and is not closed within "
                    + maxRowLength + " characters");
        }
        given = 0;
        available = 0;
        if (!lines.next()) {
            return false;
        }
        available = lines.isCut() ? BLANK.length : lines.length();
        rowLength += lines.length();
        if (lines.count() % 2 != 0) {
            isQuoteOpen = !isQuoteOpen;
            openedAt = isQuoteOpen ? lines.number() : openedAt;
        }
        if (lines.isCut() || lines.isMalformed()) {
            flaws.add(new Flaw(lines.number(), lines.isCut(), isQuoteOpen, lines.text()));
        }
        return true;
    }

    /** The line where the quote opens that is open now, as well as it is known. */
    long opened() {
        return openedAt == 0 ? lines.number() : openedAt;
    }

    /** The number of the last line that was handed out. */
    long line() {
        return lines.number();
    }

    /** What that line holds. */
    String text() {
        return lines.text();
    }

    /** Whether the reader has been told that there is no more. */
    boolean isAtEnd() {
        return isAtEnd;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
