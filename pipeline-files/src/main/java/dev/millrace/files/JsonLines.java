package dev.millrace.files;

import dev.millrace.files.internal.Items;
import dev.millrace.pipeline.record.PipelineRecord;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file as bytes, less their ends; blank ones are passed over. The offset is that of the line, from 0.
 */
final class JsonLines implements Items<byte[]> {

    private static final int BUFFER = 16 * 1024;

    private final String name;
    private final InputStream input;
    private final int maxLength;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;

    private byte[] line = new byte[256];
    private int length;
    private boolean isRestBlank = true;
    private long number;

    /** Reads a stream, which is closed with this. */
    JsonLines(String name, InputStream input, int maxLength) {
        this.name = name;
        this.input = input;
        this.maxLength = maxLength;
    }

    @Override
    public @Nullable PipelineRecord<byte[]> next() throws IOException {
        while (hasMore()) {
            readLine();
            if (!isBlank()) {
                int kept = Math.min(length, maxLength + 1);
                return PipelineRecord.of(Arrays.copyOf(line, kept), name, number - 1)
                        .withSize(kept);
            }
        }
        return null;
    }

    private void readLine() throws IOException {
        number++;
        length = 0;
        isRestBlank = true;
        boolean isEnded = false;
        while (!isEnded && hasMore()) {
            int end = position;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            isEnded = end < limit;
            take(end);
            position = isEnded ? end + 1 : end;
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
    }

    /** Takes the buffer up to an index into the line; of one that is too long, one byte more than allowed and a CR. */
    private void take(int end) {
        int taken = Math.min(end - position, maxLength + 2 - length);
        if (taken > line.length - length) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, length + taken));
        }
        System.arraycopy(buffer, position, line, length, taken);
        length += taken;
        isRestBlank = isRestBlank && isBlank(buffer, position + taken, end);
    }

    /** With what is not taken: a line that begins with many blanks is too long, and not nothing. */
    private boolean isBlank() {
        return isRestBlank && isBlank(line, 0, length);
    }

    private static boolean isBlank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private boolean hasMore() throws IOException {
        if (position < limit) {
            return true;
        }
        position = 0;
        try {
            limit = Math.max(0, input.read(buffer));
        } catch (IOException e) {
            throw new IOException(name + " cannot be read beyond line " + number + ": " + e.getMessage(), e);
        }
        return limit > 0;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
