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
 * What has been read is kept from where an element begins, so that it can be handed out as it stands. Of one that is too
 * long only the beginning is.
 */
final class ByteWindow extends Reader {

    private static final int CHUNK = 8 * 1024;
    private static final String GAP = ", \t\r\n";

    private final InputStream input;
    private final int maxLength;
    private final byte[] chunk = new byte[CHUNK];
    private byte[] kept = new byte[2 * CHUNK];
    /** The offset of the first byte that is kept. */
    private long start;

    private int size;
    /** Where the element begins, or where it is looked for. */
    private long mark;

    private boolean isBetween;
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
        skipGap();
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

    /** Goes on to the next element, which begins at this offset or behind a comma and blanks. */
    void next(long offset) {
        mark = offset;
        isBetween = true;
        beginning = null;
    }

    private void skipGap() {
        while (isBetween && mark < end()) {
            isBetween = GAP.indexOf(kept[(int) (mark - start)]) >= 0;
            mark += isBetween ? 1 : 0;
        }
    }

    /** The bytes from where the element begins to this offset; of more than allowed, the allowed and one. */
    byte[] toOffset(long offset) {
        skipGap();
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
