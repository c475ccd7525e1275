package dev.millrace.cassandra;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.ToLongFunction;

/** Writes records as rows. What is written last does not depend on the order of calls, but on the write timestamps. */
final class CassandraWriter<T> implements SinkWriter<T> {

    private final SharedSession.Lease session;
    private final RowEncoder<T> encoder;
    private final ToLongFunction<PipelineRecord<T>> timestamps;
    private final RowWindow window;

    CassandraWriter(
            SharedSession.Lease session,
            RowEncoder<T> encoder,
            ToLongFunction<PipelineRecord<T>> timestamps,
            RowWindow window) {
        this.session = session;
        this.encoder = encoder;
        this.timestamps = timestamps;
        this.window = window;
    }

    @Override
    public boolean isPipelined() {
        return true;
    }

    @Override
    public CompletionStage<WriteResult> write(List<PipelineRecord<T>> batch) {
        PendingWrite write = new PendingWrite(batch.size());
        List<Row> rows = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            PipelineRecord<T> record = batch.get(i);
            try {
                rows.add(encoder.encode(write, i, record.value(), timestamps.applyAsLong(record)));
            } catch (RuntimeException e) {
                write.failed(i, e);
            }
        }
        window.submit(rows);
        return write.result();
    }

    @Override
    public void close() {
        session.close();
    }
}
