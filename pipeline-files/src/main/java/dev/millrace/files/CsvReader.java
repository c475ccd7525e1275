package dev.millrace.files;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Polls rows: as many as are asked for, but not much more than a mebibyte of text at once. */
final class CsvReader implements SourceReader<CsvRow> {

    private static final int MAX_POLL_SIZE = 1 << 20;

    private final String partition;
    private final CsvRows rows;
    private final int pollLimit;
    private long offset;
    private boolean isExhausted;
    private @Nullable IOException failure;

    CsvReader(String partition, CsvRows rows, int pollLimit) {
        this.partition = partition;
        this.rows = rows;
        this.pollLimit = pollLimit;
    }

    @Override
    public List<PipelineRecord<CsvRow>> poll(Duration timeout) throws IOException {
        List<PipelineRecord<CsvRow>> polled = new ArrayList<>();
        try {
            fill(polled);
        } catch (IOException e) {
            failure = e;
        }
        // The rows before the failure are good: it is told when they are on their way.
        if (failure != null && polled.isEmpty()) {
            throw failure;
        }
        return polled;
    }

    private void fill(List<PipelineRecord<CsvRow>> polled) throws IOException {
        long size = 0;
        while (failure == null && polled.size() < pollLimit && size < MAX_POLL_SIZE) {
            CsvRow row = rows.next();
            if (row == null) {
                isExhausted = true;
                return;
            }
            size += row.size();
            polled.add(PipelineRecord.of(row, partition, offset++).withSize(row.size()));
        }
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
