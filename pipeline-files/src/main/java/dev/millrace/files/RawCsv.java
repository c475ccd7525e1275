package dev.millrace.files;

import dev.millrace.files.internal.FileItems;
import dev.millrace.files.internal.ItemReader;
import dev.millrace.files.internal.Items;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of a file, before anything is made of them. */
record RawCsv(FileInputs input, CsvFormat format, RowMapper<?> mapper) implements Source<CsvRow> {

    Items<CsvRow> rows() throws IOException {
        return FileItems.open(input.list(), file -> new Numbered(CsvRows.open(file, format, mapper)));
    }

    @Override
    public SourceReader<CsvRow> open(SourceContext context) throws IOException {
        return new ItemReader<>(rows(), context);
    }

    @Override
    public String describe() {
        return "CSV file " + input.place();
    }

    private static final class Numbered implements Items<CsvRow> {

        private final CsvRows rows;
        private long offset;

        Numbered(CsvRows rows) {
            this.rows = rows;
        }

        @Override
        public @Nullable PipelineRecord<CsvRow> next() throws IOException {
            CsvRow row = rows.next();
            return row == null
                    ? null
                    : PipelineRecord.of(row, row.file(), offset++).withSize(row.size());
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }
}
