package dev.millrace.parquet;

import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import java.util.Objects;
import java.util.function.Function;

/**
 * Rows of Parquet. Whether they are added to a directory or replace a file, when they are acknowledged, and what
 * becomes of records while nothing can be written, is said where the sink is made, by {@link Parquet}.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @param <T> what one record holds: a row, or a collection of them
 */
public final class ParquetSink<T> implements Sink<T> {

    private final Function<Compression, Sink<T>> sinkOf;
    private final Sink<T> sink;

    ParquetSink(Compression compression, Function<Compression, Sink<T>> sinkOf) {
        this.sinkOf = sinkOf;
        this.sink = sinkOf.apply(compression);
    }

    /** How columns are packed; by default {@link Compression#GZIP}, which needs no native library. */
    public ParquetSink<T> compression(Compression compression) {
        return new ParquetSink<>(Objects.requireNonNull(compression, "compression"), sinkOf);
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
        return "ParquetSink[" + sink.describe() + "]";
    }
}
