package dev.millrace.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;

/** Files of UTF-8. */
final class Utf8 {

    static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private Utf8() {}

    /** The bytes after a byte order mark, if there is one. */
    static InputStream open(FileInput file) throws IOException {
        PushbackInputStream stream = new PushbackInputStream(file.open(), BYTE_ORDER_MARK.length);
        try {
            byte[] first = stream.readNBytes(BYTE_ORDER_MARK.length);
            if (!Arrays.equals(first, BYTE_ORDER_MARK)) {
                stream.unread(first);
            }
            return stream;
        } catch (IOException e) {
            stream.close();
            throw new IOException(file.place() + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
