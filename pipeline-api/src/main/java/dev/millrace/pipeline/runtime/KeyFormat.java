package dev.millrace.pipeline.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.spi.StateFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;

/** Keys of the JDK's simple types: a letter for the type, then its value. */
final class KeyFormat implements StateFormat<Object> {

    static final KeyFormat SIMPLE = new KeyFormat();

    private static final StateFormat<String> TEXT = StateFormat.text();
    private static final StateFormat<Long> NUMBER = StateFormat.longs();

    private KeyFormat() {}

    @Override
    public byte[] encode(Object key) throws Exception {
        if (key instanceof String text) {
            return lettered('s', TEXT.encode(text));
        } else if (key instanceof Long number) {
            return lettered('l', NUMBER.encode(number));
        } else if (key instanceof Integer number) {
            return lettered('i', NUMBER.encode(number.longValue()));
        } else if (key instanceof Boolean is) {
            return lettered('b', new byte[] {(byte) (is ? 1 : 0)});
        } else if (key instanceof UUID id) {
            return lettered('u', id.toString().getBytes(UTF_8));
        }
        throw new IllegalArgumentException(
                "keys of " + key.getClass().getName() + " need a format of their own: Aggregation.keys(...)");
    }

    private static byte[] lettered(char letter, byte[] value) {
        byte[] bytes = new byte[value.length + 1];
        bytes[0] = (byte) letter;
        System.arraycopy(value, 0, bytes, 1, value.length);
        return bytes;
    }

    @Override
    public Object decode(byte[] bytes) throws Exception {
        ByteBuffer.wrap(bytes).get(); // there is a letter
        byte[] value = Arrays.copyOfRange(bytes, 1, bytes.length);
        return switch (bytes[0]) {
            case 's' -> TEXT.decode(value);
            case 'l' -> NUMBER.decode(value);
            case 'i' -> Math.toIntExact(NUMBER.decode(value));
            case 'b' -> value[0] != 0;
            case 'u' -> UUID.fromString(new String(value, UTF_8));
            default -> throw new IllegalArgumentException("the key is of no type that is known");
        };
    }
}
