package dev.millrace.kafka;

import dev.millrace.json.JsonCodec;
import dev.millrace.json.JsonRefusedException;
import dev.millrace.json.JsonWords;
import dev.millrace.pipeline.spi.RefusedRecordException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON text.
 *
 * @param maxLength in bytes; zero or less for any
 */
record JsonWriter<T>(JsonCodec<T> codec, String type, long maxLength) implements Serializer<T> {

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T data) {
        if (data == null) {
            return null;
        }
        try {
            byte[] json = codec.encode(data);
            if (maxLength > 0 && json.length > maxLength) {
                throw refused("it must not be longer than " + maxLength + " bytes, got " + json.length);
            }
            return json;
        } catch (JsonRefusedException e) {
            throw refused(e.getMessage());
        }
    }

    private RefusedRecordException refused(@Nullable String problem) {
        return new RefusedRecordException(JsonWords.article(type) + " cannot be written as JSON: " + problem);
    }
}
