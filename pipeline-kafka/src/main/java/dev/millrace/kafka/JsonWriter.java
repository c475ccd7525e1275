package dev.millrace.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.millrace.pipeline.spi.RefusedRecordException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Writes JSON text. */
final class JsonWriter<T> implements Serializer<T> {

    private final ObjectWriter writer;
    private final JavaType type;

    JsonWriter(ObjectMapper mapper, JavaType type) {
        this.writer = mapper.writerFor(type);
        this.type = type;
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T data) {
        if (data == null) {
            return null;
        }
        try {
            return writer.writeValueAsBytes(data);
        } catch (JsonProcessingException e) {
            // Neither its message nor the exception itself: both may quote the value.
            throw new RefusedRecordException("a " + type.getRawClass().getSimpleName() + " cannot be written as JSON: "
                    + JsonRefusals.path(e) + " fails with " + e.getClass().getSimpleName());
        }
    }
}
