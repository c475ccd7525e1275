package dev.millrace.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Finds where the last line of a file ends that has its end: what follows was torn when a process died. */
final class WholeLines {

    private static final int BUFFER = 64 * 1024;

    private WholeLines() {}

    /**
     * The offset behind it; 0 if there is none. Reads the whole file, since only its beginning tells which quotes open.
     *
     * @param isQuoted whether a line end in quotes does not end a line
     */
    static long end(FileChannel file, boolean isQuoted) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        boolean isQuoteOpen = false;
        long end = 0;
        long position = 0;
        for (int count = file.read(buffer, 0); count > 0; count = file.read(buffer, position)) {
            for (int i = 0; i < count; i++) {
                byte b = buffer.get(i);
                if (isQuoted && b == CsvFormat.QUOTE) {
                    isQuoteOpen = !isQuoteOpen;
                } else if ((b == '\n' || isQuoted && b == '\r') && !isQuoteOpen) {
                    end = position + i + 1;
                }
            }
            position += count;
            buffer.clear();
        }
        return end;
    }
}
