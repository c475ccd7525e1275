package dev.millrace.kafka;

import dev.millrace.json.JsonCodec;
import dev.millrace.json.JsonRefusedException;
import dev.millrace.pipeline.spi.RefusedRecordException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads exactly one JSON value. */
record JsonReader<T>(JsonCodec<T> codec, String type) implements Deserializer<T>, SharedDeserializer {

    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] data) {
        if (data == null) {
            return null;
        }
        try {
            return codec.decode(data);
        } catch (JsonRefusedException e) {
            String place = e.line() == 0 ? "" : " (line " + e.line() + ", column " + e.column() + ")";
            throw new RefusedRecordException("not a JSON " + type + ": " + e.getMessage() + place);
        }
    }
}
