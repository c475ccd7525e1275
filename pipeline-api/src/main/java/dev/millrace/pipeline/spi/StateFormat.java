package dev.millrace.pipeline.spi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.function.ThrowingFunction;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How the state of an aggregate, or a key, is written to a {@link StateStore} and read again. Called by several workers
 * at once, so it must be thread-safe; must not block.
 *
 * @param <S> type of what is written
 */
public interface StateFormat<S> {

    /**
     * The bytes of it. Of keys: the same bytes for equal keys, and others for others; a key must equal what is read of
     * its bytes.
     *
     * @throws Exception if it cannot be written: the record of a key has failed; of a state the pipeline ends in FAILED
     */
    byte[] encode(S state) throws Exception;

    /**
     * The state again.
     *
     * @throws Exception if the bytes are none of this format; the pipeline ends in FAILED rather than begin anew
     */
    S decode(byte[] bytes) throws Exception;

    /** Of two functions. */
    static <S> StateFormat<S> of(ThrowingFunction<S, byte[]> encode, ThrowingFunction<byte[], S> decode) {
        Objects.requireNonNull(encode, "encode");
        Objects.requireNonNull(decode, "decode");
        return new StateFormat<>() {
            @Override
            public byte[] encode(S state) throws Exception {
                return encode.apply(state);
            }

            @Override
            public S decode(byte[] bytes) throws Exception {
                return decode.apply(bytes);
            }
        };
    }

    /** Eight bytes, the highest first. */
    static StateFormat<Long> longs() {
        return of(
                number -> ByteBuffer.allocate(Long.BYTES).putLong(number).array(),
                bytes -> eight(bytes).getLong());
    }

    /** The eight bytes of IEEE 754, the highest first. */
    static StateFormat<Double> doubles() {
        return of(
                number -> ByteBuffer.allocate(Double.BYTES).putDouble(number).array(),
                bytes -> eight(bytes).getDouble());
    }

    /** UTF-8. Text that is none, such as half of a surrogate pair, is refused. */
    static StateFormat<String> text() {
        return of(
                text -> {
                    ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
                    byte[] bytes = new byte[encoded.remaining()];
                    encoded.get(bytes);
                    return bytes;
                },
                bytes -> UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    }

    /** Each one's length as four bytes, the highest first, and then its bytes. */
    static <S> StateFormat<List<S>> listOf(StateFormat<S> each) {
        Objects.requireNonNull(each, "each");
        return of(
                list -> {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    DataOutputStream out = new DataOutputStream(bytes);
                    for (S one : list) {
                        byte[] encoded = each.encode(one);
                        out.writeInt(encoded.length);
                        out.write(encoded);
                    }
                    return bytes.toByteArray();
                },
                bytes -> {
                    List<S> list = new ArrayList<>();
                    ByteBuffer in = ByteBuffer.wrap(bytes);
                    while (in.hasRemaining()) {
                        int length = in.getInt();
                        if (length < 0 || length > in.remaining()) {
                            throw new IllegalArgumentException("an element cannot have " + length + " bytes");
                        }
                        byte[] encoded = new byte[length];
                        in.get(encoded);
                        list.add(each.decode(encoded));
                    }
                    return List.copyOf(list);
                });
    }

    private static ByteBuffer eight(byte[] bytes) {
        if (bytes.length != Long.BYTES) {
            throw new IllegalArgumentException("a number must have 8 bytes, got " + bytes.length);
        }
        return ByteBuffer.wrap(bytes);
    }
}
