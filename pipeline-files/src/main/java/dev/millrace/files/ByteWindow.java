package dev.millrace.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 * What Jackson scans an array from: each byte as the character of that number. All that structures JSON is ASCII, so the
 * elements are found all the same; Jackson's count of characters is one of bytes, and an element whose bytes are no UTF-8
 * is refused when it is decoded, by itself.
 *
 * What has been read is kept from a mark on, so that an element can be handed out as it stands. Of one that is too long
 * only the beginning is.
 */
final class ByteWindow extends Reader {

    private static final int CHUNK = 8 * 1024;

    private final InputStream input;
    private final int maxLength;
    private final byte[] chunk = new byte[CHUNK];
    private byte[] kept = new byte[2 * CHUNK];
    /** The offset of the first byte that is kept. */
    private long start;

    private int size;
    private long mark;
    private byte @Nullable [] beginning;

    ByteWindow(InputStream input, int maxLength) {
        super(input);
        this.input = input;
        this.maxLength = maxLength;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        int count = input.read(chunk, 0, Math.min(length, CHUNK));
        if (count > 0) {
            keep(count);
            for (int i = 0; i < count; i++) {
                target[offset + i] = (char) (chunk[i] & 0xff);
            }
        }
        return count;
    }

    private void keep(int count) {
        if (end() - Math.max(mark, start) > maxLength) {
            if (beginning == null) {
                beginning = bytes(mark, mark + maxLength + 1);
            }
            start = end();
            size = 0;
        } else if (mark > start) {
            size = (int) (end() - mark);
            System.arraycopy(kept, (int) (mark - start), kept, 0, size);
            start = mark;
        }
        if (size + count > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(2 * kept.length, size + count));
        }
        System.arraycopy(chunk, 0, kept, size, count);
        size += count;
    }

    /** Where the bytes end that have been read. */
    long end() {
        return start + size;
    }

    /** Keeps nothing that comes before this offset, which has been read but not marked beyond. */
    void mark(long offset) {
        mark = offset;
        beginning = null;
    }

    /** The bytes from the mark to this offset; of more than allowed, the allowed and one. */
    byte[] toOffset(long offset) {
        return beginning != null ? beginning : bytes(mark, Math.min(offset, mark + maxLength + 1));
    }

    private byte[] bytes(long from, long to) {
        return Arrays.copyOfRange(kept, (int) (from - start), (int) (to - start));
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
