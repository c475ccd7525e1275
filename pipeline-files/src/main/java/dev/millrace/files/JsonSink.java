package dev.millrace.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.json.JsonMapping;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.util.function.Function;

/**
 * Lines of JSON in a file. Whether they are added to it or replace it, when they are acknowledged, and what becomes of
 * records while it cannot be written, is said where the sink is made, by {@link Json}.
 *
 * <p><b>Form.</b> UTF-8; a value a line, which ends in LF. Times are ISO text. A record whose value Jackson cannot
 * write, or which {@link Json#lines} with the same options would refuse for its size or as {@code null}, is refused.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @param <T> what one record holds: a value, or a collection of them
 */
public final class JsonSink<T> implements Sink<T> {

    private final JsonMapping mapping;
    private final Function<JsonMapping, Sink<T>> sinkOf;
    private final Sink<T> sink;

    JsonSink(JsonMapping mapping, Function<JsonMapping, Sink<T>> sinkOf) {
        this.mapping = mapping;
        this.sinkOf = sinkOf;
        this.sink = sinkOf.apply(mapping);
    }

    /**
     * Writes values by a mapper with settings of its own, which is copied. Its values are written on one line, whatever
     * it says of indentation.
     */
    public JsonSink<T> mapper(ObjectMapper mapper) {
        return new JsonSink<>(mapping.withMapper(mapper), sinkOf);
    }

    /**
     * The most bytes of a value; by default 10,485,760, at most 1,073,741,824. A longer one is refused. A source must
     * allow as many to read it back.
     */
    public JsonSink<T> maxLength(int bytes) {
        return new JsonSink<>(mapping.withMaxLength(JsonSource.checkedLength(bytes)), sinkOf);
    }

    @Override
    public SinkWriter<T> open(StageContext context) throws Exception {
        return sink.open(context);
    }

    @Override
    public String describe() {
        return sink.describe();
    }

    @Override
    public String toString() {
        return "JsonSink[" + sink + "]";
    }
}
