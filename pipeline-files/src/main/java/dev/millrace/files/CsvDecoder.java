package dev.millrace.files;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Decoder;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes values of the rows of one file, once its columns are known; thread-safe from then on. */
final class CsvDecoder<T> implements Decoder<CsvRow, T> {

    private final CsvFormat format;
    private final RowMapping<T> mapping;
    private volatile RowMapping.@Nullable RowReader<T> reader;

    CsvDecoder(CsvFormat format, RowMapping<T> mapping) {
        this.format = format;
        this.mapping = mapping;
    }

    /** Learns the columns; may be called anew for each reading of the file. */
    void begin(Map<String, Integer> columns) {
        reader = mapping.of(columns, format.input().name());
    }

    @Override
    public T decode(PipelineRecord<CsvRow> raw) throws Exception {
        return decode(raw.value());
    }

    T decode(CsvRow row) throws Exception {
        if (row.size() > CsvFormat.MAX_COLUMNS) {
            throw row.refused("must have at most " + CsvFormat.MAX_COLUMNS + " columns, it has " + row.size(), null);
        }
        for (int i = 0; i < row.size(); i++) {
            if (row.get(i).length() > format.maxFieldLength()) {
                throw row.refused(
                        "must have at most " + format.maxFieldLength() + " characters in column " + (i + 1)
                                + ", it has " + row.get(i).length(),
                        null);
            }
        }
        return Objects.requireNonNull(reader, "columns are not known yet").read(row);
    }
}
