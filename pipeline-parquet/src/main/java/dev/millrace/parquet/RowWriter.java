package dev.millrace.parquet;

import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.TimeUnit;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Writes the bytes of a file.
 *
 * @param notes what the footer says besides
 */
record RowWriter<T extends Record>(RowType<T> rows, Compression compression, Map<String, String> notes) {

    RowWriter<T> withNotes(Map<String, String> notes) {
        return new RowWriter<>(rows, compression, notes);
    }

    void write(OutputStream stream, Iterable<? extends T> values) throws IOException {
        CarpetWriter.Builder<T> builder = new CarpetWriter.Builder<>(stream, rows.type())
                .withCompressionCodec(codec())
                .withCodecFactory(new Codecs())
                // What all readers know, and the finest of them.
                .withDefaultTimeUnit(TimeUnit.MICROS)
                .withExtraMetaData(notes);
        try (CarpetWriter<T> writer = builder.build()) {
            for (T value : values) {
                writer.write(value);
            }
        }
    }

    private CompressionCodecName codec() {
        return switch (compression) {
            case NONE -> CompressionCodecName.UNCOMPRESSED;
            case GZIP -> CompressionCodecName.GZIP;
            case SNAPPY -> CompressionCodecName.SNAPPY;
            case ZSTD -> CompressionCodecName.ZSTD;
        };
    }
}
