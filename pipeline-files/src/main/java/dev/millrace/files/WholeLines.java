package dev.millrace.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Finds places in a file by its line ends. */
final class WholeLines {

    private static final int BUFFER = 64 * 1024;

    private WholeLines() {}

    /** The offset behind the last LF, looked for from the end; 0 if there is none. */
    static long end(FileChannel file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long end = file.size();
        while (end > 0) {
            long start = Math.max(0, end - BUFFER);
            buffer.clear().limit((int) (end - start));
            int count = 0;
            while (buffer.hasRemaining() && count >= 0) {
                count = file.read(buffer, start + buffer.position());
            }
            for (int i = buffer.position() - 1; i >= 0; i--) {
                if (buffer.get(i) == '\n') {
                    return start + i + 1;
                }
            }
            end = start;
        }
        return 0;
    }

    /** Whether the last byte ends a line of CSV. */
    static boolean isLastEnded(FileChannel file) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return file.read(last, file.size() - 1) == 1 && (last.get(0) == '\n' || last.get(0) == '\r');
    }

    /** The offset at which a line begins, the first being 1, where lines end in LF, CR LF or CR. */
    static long beginning(InputStream file, long line) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long ends = 0;
        long position = 0;
        boolean isAfterCr = false;
        for (int count = file.read(buffer); count > 0; count = file.read(buffer)) {
            for (int i = 0; i < count; i++) {
                boolean isSecond = isAfterCr && buffer[i] == '\n';
                if (ends == line - 1 && !isSecond) {
                    return position + i;
                }
                isAfterCr = buffer[i] == '\r';
                ends += isAfterCr || buffer[i] == '\n' && !isSecond ? 1 : 0;
            }
            position += count;
        }
        return position;
    }
}
