package dev.millrace.kafka;

import dev.millrace.pipeline.spi.RefusedRecordException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Bytes of what has an obvious form: text and bytes. */
final class Bytes {

    private Bytes() {}

    static byte @Nullable [] of(@Nullable Object object, String what) {
        if (object == null) {
            return null;
        }
        if (object instanceof byte[] bytes) {
            return bytes;
        }
        if (object instanceof CharSequence text) {
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
        throw new RefusedRecordException("the " + what + " must be text or bytes, got a "
                + object.getClass().getName() + "; a serializer can be given for it");
    }
}
