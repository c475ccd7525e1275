package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PackedValuesTest {

    private static byte[] packed(@Nullable ByteBuffer... values) {
        return PackedValues.of(values);
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    @Test
    void shouldTellNullFromEmpty() {
        assertThat(packed(bytes(), null)).containsExactly(0, 0, 0, 0, -1, -1, -1, -1);
    }

    @Test
    void shouldTellApartValuesThatAreTheSameInOneRow() {
        assertThat(packed(bytes(1, 2), bytes(3))).isNotEqualTo(packed(bytes(1), bytes(2, 3)));
    }

    /** A codec may give out a view of what the record holds. */
    @Test
    void shouldTakeWhatIsLeftOfABufferAndLeaveItAsItIs() {
        ByteBuffer part = bytes(9, 1, 2, 9).position(1).limit(3).asReadOnlyBuffer();

        assertThat(packed(part)).containsExactly(0, 0, 0, 2, 1, 2);
        assertThat(part).isEqualTo(bytes(1, 2));
        assertThat(packed(part)).containsExactly(0, 0, 0, 2, 1, 2);
    }
}
