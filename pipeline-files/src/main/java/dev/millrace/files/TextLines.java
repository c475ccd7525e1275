package dev.millrace.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/**
 * The physical lines of a text, one at a time, each with its line end (LF, CR LF or CR). Memory is bounded whatever the
 * text: of a line that is too long only the beginning is kept. Bytes that are no text in the charset show in
 * {@link #isMalformed} of the line that holds them, and reading goes on. A byte order mark is skipped.
 */
final class TextLines implements Closeable {

    private static final int BUFFER = 16 * 1024;
    static final int MAX_LINE_END = 2;
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final char REPLACEMENT = '\uFFFD';

    private final String name;
    private final InputStream input;
    private final CharsetDecoder decoder;
    private final int maxLength;
    private final int counted;
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
    private final CharBuffer chunk = CharBuffer.allocate(BUFFER);
    private final char[] chars = chunk.array();
    private int position;
    private int limit;
    private boolean isChunkMalformed;
    private boolean isInputAtEnd;
    private boolean isDecoded;

    private char[] line = new char[256];
    private int length;
    private int count;
    private long number;
    private boolean isCut;
    private boolean isMalformed;

    /**
     * Reads a stream, which is closed with this.
     *
     * @param maxLength the most characters of a line that are kept, besides its end
     * @param counted the character whose occurrences are counted, or a negative number for none
     */
    TextLines(String name, InputStream input, Charset charset, int maxLength, int counted) {
        this.name = name;
        this.input = input;
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        this.maxLength = maxLength;
        this.counted = counted;
    }

    /** Goes to the next line; false where there is none. */
    boolean next() throws IOException {
        length = 0;
        count = 0;
        isCut = false;
        isMalformed = false;
        if (number == 0 && hasMore() && chars[position] == BYTE_ORDER_MARK) {
            position++;
        }
        if (!hasMore()) {
            return false;
        }
        number++;
        while (hasMore()) {
            int end = endOfLine();
            take(end, maxLength);
            if (end < limit) {
                takeLineEnd(chars[end]);
                return true;
            }
        }
        return true;
    }

    /** The index of the next CR or LF in the chunk, or its limit; counts on the way. */
    private int endOfLine() {
        int i = position;
        for (; i < limit; i++) {
            char c = chars[i];
            if (c == counted) {
                count++;
            } else if (c == '\n' || c == '\r') {
                break;
            }
        }
        return i;
    }

    private void takeLineEnd(char first) throws IOException {
        take(position + 1, maxLength + MAX_LINE_END);
        if (first == '\r' && hasMore() && chars[position] == '\n') {
            take(position + 1, maxLength + MAX_LINE_END);
        }
    }

    /** Takes the chunk up to an index into the line, but no more of it than the line may then be long. */
    private void take(int end, int maxLength) {
        int wanted = end - position;
        int taken = Math.min(wanted, maxLength - length);
        if (taken > line.length - length) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, length + taken));
        }
        System.arraycopy(chars, position, line, length, taken);
        length += taken;
        isCut |= taken < wanted;
        isMalformed |= isChunkMalformed && wanted > 0;
        position = end;
    }

    private boolean hasMore() throws IOException {
        return position < limit || decode();
    }

    /** Fills the chunk; malformed bytes make one of their own, so that they are met in the line they are in. */
    private boolean decode() throws IOException {
        chunk.clear();
        isChunkMalformed = false;
        while (chunk.position() == 0 && !isDecoded) {
            CoderResult result = decoder.decode(bytes, chunk, isInputAtEnd);
            if (result.isError()) {
                if (chunk.position() == 0) {
                    bytes.position(bytes.position() + result.length());
                    chunk.put(REPLACEMENT);
                    isChunkMalformed = true;
                }
            } else if (result.isUnderflow() && isInputAtEnd) {
                decoder.flush(chunk);
                isDecoded = true;
            } else if (result.isUnderflow() && chunk.position() == 0) {
                readBytes();
            }
        }
        position = 0;
        limit = chunk.position();
        return limit > 0;
    }

    private void readBytes() throws IOException {
        bytes.compact();
        try {
            int read = input.read(bytes.array(), bytes.position(), bytes.remaining());
            isInputAtEnd = read < 0;
            bytes.position(bytes.position() + Math.max(0, read));
        } catch (IOException e) {
            throw new IOException(name + " cannot be read beyond line " + number + ": " + e.getMessage(), e);
        }
        bytes.flip();
    }

    /** Of the line: its number, the first being 1. */
    long number() {
        return number;
    }

    /** Of the line: how many characters are kept of it. */
    int length() {
        return length;
    }

    /** Of the line: how often the counted character occurs in it, also where it was cut off. */
    int count() {
        return count;
    }

    /** Of the line: whether it is longer than what is kept. */
    boolean isCut() {
        return isCut;
    }

    /** Of the line: whether some of its bytes are no text. */
    boolean isMalformed() {
        return isMalformed;
    }

    /** Of the line: what is kept of it, less its end. */
    String text() {
        int end = length;
        while (end > 0 && (line[end - 1] == '\n' || line[end - 1] == '\r')) {
            end--;
        }
        return new String(line, 0, end);
    }

    /** Of the line: one of the characters that are kept. */
    char charAt(int index) {
        return line[index];
    }

    /** Of the line: copies what is kept of it. */
    void copy(int from, char[] target, int offset, int count) {
        System.arraycopy(line, from, target, offset, count);
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
