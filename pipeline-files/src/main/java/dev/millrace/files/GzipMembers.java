package dev.millrace.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/*
 * What a gzip file holds: all of its members, one after the other, to the end of the file. The stream of the JDK takes
 * the end of a member for that of the file where no more is available at the moment, or where the next one is damaged.
 */
final class GzipMembers extends InputStream {

    private static final int BUFFER = 16 * 1024;
    private static final int DEFLATED = 8;
    private static final int HAS_HEADER_CRC = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int AFTER_FLAGS = 6;

    private final InputStream packed;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private boolean isAtEnd;

    /** Unpacks a stream, which is closed with this. */
    GzipMembers(InputStream packed) throws IOException {
        this.packed = packed;
        try {
            beginMember();
        } catch (IOException e) {
            inflater.end();
            throw e;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!isAtEnd) {
            int count = inflate(target, offset, length);
            if (count > 0) {
                crc.update(target, offset, count);
                return count;
            }
            if (inflater.finished()) {
                endMember();
            } else if (inflater.needsInput()) {
                fill();
            } else {
                throw new ZipException("its gzip data is damaged");
            }
        }
        return -1;
    }

    private int inflate(byte[] target, int offset, int length) throws IOException {
        try {
            return inflater.inflate(target, offset, length);
        } catch (DataFormatException e) {
            throw new ZipException("its gzip data is damaged");
        }
    }

    private void fill() throws IOException {
        position = 0;
        limit = 0;
        if (!hasMore()) {
            throw cutOff();
        }
        inflater.setInput(buffer, 0, limit);
        position = limit;
    }

    private void beginMember() throws IOException {
        if (take() != 0x1f || take() != 0x8b) {
            throw new ZipException("what follows its gzip data is none");
        }
        if (take() != DEFLATED) {
            throw new ZipException("its gzip data is packed in an unknown way");
        }
        int flags = take();
        skip(AFTER_FLAGS);
        if ((flags & HAS_EXTRA) != 0) {
            skip(take() + (take() << 8));
        }
        if ((flags & HAS_NAME) != 0) {
            skipText();
        }
        if ((flags & HAS_COMMENT) != 0) {
            skipText();
        }
        if ((flags & HAS_HEADER_CRC) != 0) {
            skip(2);
        }
        crc.reset();
        inflater.reset();
        inflater.setInput(buffer, position, limit - position);
        position = limit;
    }

    private void endMember() throws IOException {
        position = limit - inflater.getRemaining();
        if (takeInt() != crc.getValue() || takeInt() != (inflater.getBytesWritten() & 0xffffffffL)) {
            throw new ZipException("its gzip data is damaged");
        }
        if (hasMore()) {
            beginMember();
        } else {
            isAtEnd = true;
        }
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            take();
        }
    }

    private void skipText() throws IOException {
        int taken = take();
        while (taken != 0) {
            taken = take();
        }
    }

    private long takeInt() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            value |= (long) take() << shift;
        }
        return value;
    }

    private int take() throws IOException {
        if (!hasMore()) {
            throw cutOff();
        }
        return buffer[position++] & 0xff;
    }

    private boolean hasMore() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, packed.read(buffer));
        }
        return position < limit;
    }

    private static EOFException cutOff() {
        return new EOFException("its gzip data is cut off");
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        packed.close();
    }
}
