package dev.millrace.files;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/*
 * What the CSV parser reads from: whole lines, one a read. The parser, which buffers what it is given, is thereby never
 * ahead of the line it needs, so that a row it refuses can be left behind by starting anew with the next line, and a row
 * that never ends is stopped before it fills the memory. (Only after a lone CR is it one line ahead, to look for an LF.)
 *
 * A line that is too long is replaced by a short one: a flaw that the row made of it must be asked for.
 */
final class LineFeed extends Reader {

    /** Not just a line end, which would be one with a CR before it. */
    private static final char[] SUBSTITUTE = {' ', '\n'};

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

    /** From the given line on, what is read belongs to another row. */
    void beginRow(long line) {
        rowLength = 0;
        isQuoteOpen = false;
        openedAt = 0;
        if (lines.number() >= line) {
            countLine();
        }
    }

    /** Whether the row that ends in the given line is longer than it may be, give or take a line end. */
    boolean isTooLong(long end) {
        return isTooLong(rowLength - (lines.number() > end ? lines.length() : 0), maxRowLength);
    }

    private static boolean isTooLong(long length, int maxLength) {
        return length > maxLength + TextLines.MAX_LINE_END;
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
            System.arraycopy(SUBSTITUTE, given, buffer, offset, count);
        } else {
            lines.copy(given, buffer, offset, count);
        }
        given += count;
        return count;
    }

    private boolean advance() throws IOException {
        if (isTooLong(rowLength, maxRowLength)) {
            throw new IOException(name + " line " + opened() + ": a quote opens here and is not closed within "
                    + maxRowLength + " characters");
        }
        given = 0;
        available = 0;
        if (!lines.next()) {
            return false;
        }
        available = lines.isCut() ? SUBSTITUTE.length : lines.length();
        countLine();
        if (lines.isCut() || lines.isMalformed()) {
            flaws.add(new Flaw(lines.number(), lines.isCut(), isQuoteOpen, lines.text()));
        }
        return true;
    }

    private void countLine() {
        rowLength += lines.length();
        if (lines.count() > 0) {
            followQuotes();
        }
    }

    /** A quote that is doubled within a value neither closes nor opens one. */
    private void followQuotes() {
        boolean isOpen = isQuoteOpen;
        for (int i = 0; i < lines.length(); i++) {
            if (lines.charAt(i) != CsvFormat.QUOTE) {
                continue;
            }
            if (isOpen && i + 1 < lines.length() && lines.charAt(i + 1) == CsvFormat.QUOTE) {
                i++;
                continue;
            }
            isOpen = !isOpen;
            openedAt = isOpen ? lines.number() : openedAt;
        }
        // Of a line that is cut off, not all has been seen, but all has been counted.
        isQuoteOpen ^= lines.count() % 2 != 0;
    }

    /** The line where the quote opens that is open now, as well as it is known. */
    long opened() {
        return openedAt == 0 ? lines.number() : openedAt;
    }

    /** Holds back what is left of the last line. */
    void skipLine() {
        given = available;
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
