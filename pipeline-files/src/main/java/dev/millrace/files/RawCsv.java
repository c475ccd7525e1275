package dev.millrace.files;

import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.IOException;

/** The rows of a file, before anything is made of them. */
record RawCsv(FileInput input, CsvFormat format, RowMapper<?> mapper) implements Source<CsvRow> {

    CsvRows rows() throws IOException {
        return CsvRows.open(input, format, mapper);
    }

    @Override
    public SourceReader<CsvRow> open(SourceContext context) throws IOException {
        return new CsvReader(input.name(), rows(), context.pollLimit());
    }

    @Override
    public String describe() {
        return "CSV file " + input.place();
    }
}
