package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Values one after the other, each with its length before it, as the protocol has them. Rows wait in this form, by the
 * thousands: a statement of ten columns takes more than a kilobyte, most of it for the buffers around its values.
 */
final class PackedValues {

    private static final int NULL = -1;

    private PackedValues() {}

    static byte[] of(@Nullable ByteBuffer[] values) {
        int length = 0;
        for (ByteBuffer value : values) {
            length += Integer.BYTES + (value == null ? 0 : value.remaining());
        }
        ByteBuffer packed = ByteBuffer.allocate(length);
        for (ByteBuffer value : values) {
            if (value == null) {
                packed.putInt(NULL);
            } else {
                int size = value.remaining();
                packed.putInt(size).put(packed.position(), value, value.position(), size);
                packed.position(packed.position() + size);
            }
        }
        return packed.array();
    }

    /** Sets all of them, from the first on; what is {@code null} only where that is to be written. */
    static void bind(byte[] packed, BoundStatementBuilder statement, boolean withNulls) {
        ByteBuffer rest = ByteBuffer.wrap(packed);
        for (int i = 0; rest.hasRemaining(); i++) {
            int length = rest.getInt();
            if (length != NULL) {
                statement.setBytesUnsafe(i, rest.slice(rest.position(), length));
                rest.position(rest.position() + length);
            } else if (withNulls) {
                statement.setBytesUnsafe(i, null);
            }
        }
    }
}
