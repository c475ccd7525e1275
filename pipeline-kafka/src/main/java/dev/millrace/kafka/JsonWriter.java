package dev.millrace.kafka;

import dev.millrace.json.JsonCodec;
import dev.millrace.json.JsonRefusedException;
import dev.millrace.json.JsonWords;
import dev.millrace.pipeline.spi.RefusedRecordException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Writes JSON text. */
record JsonWriter<T>(JsonCodec<T> codec, String type) implements Serializer<T> {

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T data) {
        if (data == null) {
            return null;
        }
        try {
            return codec.encode(data);
        } catch (JsonRefusedException e) {
            throw new RefusedRecordException(JsonWords.article(type) + " cannot be written as JSON: " + e.getMessage());
        }
    }
}
