package dev.millrace.files;

import dev.millrace.json.JsonCodec;
import dev.millrace.json.JsonRefusedException;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Decoder;
import dev.millrace.pipeline.spi.RefusedRecordException;

/** Makes a value of its bytes. */
record JsonDecoder<T>(JsonForm form, JsonCodec<T> codec) implements Decoder<byte[], T> {

    @Override
    public T decode(PipelineRecord<byte[]> raw) {
        try {
            return codec.decode(raw.value());
        } catch (JsonRefusedException e) {
            throw new RefusedRecordException(raw.partition() + " " + form.problem(raw.offset(), e));
        }
    }
}
