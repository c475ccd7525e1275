package dev.millrace.files;

import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;

/**
 * The characters of a file, its byte order mark taken off, and only so many for one row: a quote that is left open
 * would have the parser take in the rest of the file.
 */
final class BoundedReader extends FilterReader {

    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int FIELDS_OF_FULL_LENGTH = 4;

    private final long limit;
    private long sinceRowBegan;

    private BoundedReader(Reader characters, long limit) {
        super(characters);
        this.limit = limit;
    }

    static BoundedReader of(CsvFormat format) throws IOException {
        InputStream bytes = format.input().open();
        try {
            // Bytes that are not of the charset are an error here, where the JDK would put a replacement character.
            BufferedReader characters = new BufferedReader(new InputStreamReader(
                    bytes,
                    format.charset()
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)));
            characters.mark(1);
            if (characters.read() != BYTE_ORDER_MARK) {
                characters.reset();
            }
            return new BoundedReader(characters, (long) format.maxFieldLength() * FIELDS_OF_FULL_LENGTH);
        } catch (IOException failure) {
            bytes.close();
            throw new IOException(
                    "'" + format.input().name() + "' is not valid " + format.charset() + ", or cannot be read",
                    failure);
        }
    }

    /** A row begins about here: the parser reads ahead by a buffer, which the limit is far above. */
    void beginRow() {
        sinceRowBegan = 0;
    }

    @Override
    public int read() throws IOException {
        int character = super.read();
        count(1);
        return character;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        count(Math.max(0, read));
        return read;
    }

    private void count(int characters) throws IOException {
        sinceRowBegan += characters;
        if (sinceRowBegan > limit) {
            throw new RowTooLongException(limit);
        }
    }

    /** A row is longer than any that makes sense. */
    static final class RowTooLongException extends IOException {

        private static final long serialVersionUID = 1L;

        private final long limit;

        RowTooLongException(long limit) {
            super("a row is longer than " + limit + " characters");
            this.limit = limit;
        }

        long limit() {
            return limit;
        }
    }
}
