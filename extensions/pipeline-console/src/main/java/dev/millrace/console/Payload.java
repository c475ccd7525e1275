package dev.millrace.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.record.PipelineRecord;
import org.jspecify.annotations.Nullable;

/** Key and value of a record as text, as far as one wants to read. */
record Payload(String key, String value) {

    private static final int MOST_CHARS = 2_000;

    static Payload of(PipelineRecord<?> record) {
        return new Payload(text(record.key()), text(record.value()));
    }

    private static String text(@Nullable Object part) {
        if (part == null) {
            return "";
        }
        if (part instanceof byte[] bytes) {
            String text = new String(bytes, 0, Math.min(bytes.length, MOST_CHARS), UTF_8);
            return bytes.length > MOST_CHARS ? text + "…" : text;
        }
        try {
            return shortened(String.valueOf(part));
        } catch (RuntimeException unprintable) {
            return part.getClass().getName();
        }
    }

    static String shortened(String text) {
        return text.length() > MOST_CHARS ? text.substring(0, MOST_CHARS) + "…" : text;
    }
}
