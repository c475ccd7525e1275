package dev.millrace.files;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the rows of a file to its end. */
final class CsvReader implements SourceReader<CsvRow> {

    private final CsvRows rows;
    private final String partition;
    private final int pollLimit;
    private long offset;
    private boolean isExhausted;

    CsvReader(CsvRows rows, String partition, int pollLimit) {
        this.rows = rows;
        this.partition = partition;
        this.pollLimit = pollLimit;
    }

    @Override
    public List<PipelineRecord<CsvRow>> poll(Duration timeout) throws IOException {
        List<PipelineRecord<CsvRow>> records = new ArrayList<>();
        while (records.size() < pollLimit && !isExhausted) {
            CsvRow row = rows.next();
            if (row == null) {
                isExhausted = true;
            } else {
                int size = row.fields().stream().mapToInt(String::length).sum();
                records.add(PipelineRecord.of(row, partition, offset++).withSize(size));
            }
        }
        return records;
    }

    @Override
    public boolean isExhausted() {
        return isExhausted;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
