package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** Writes records as rows. What is written last does not depend on the order of calls, but on the write timestamps. */
final class CassandraWriter<T> implements SinkWriter<T> {

    private final SharedSession.Lease session;
    private final RowEncoder<T> encoder;
    private final ToLongFunction<PipelineRecord<T>> timestamps;
    private final RequestWindow<Statement<?>, AsyncResultSet> window;
    private final UnaryOperator<BatchStatement> batchOptions;
    private final int batchBytes;

    CassandraWriter(
            SharedSession.Lease session,
            RowEncoder<T> encoder,
            ToLongFunction<PipelineRecord<T>> timestamps,
            RequestWindow<Statement<?>, AsyncResultSet> window,
            UnaryOperator<BatchStatement> batchOptions,
            int batchBytes) {
        this.session = session;
        this.encoder = encoder;
        this.timestamps = timestamps;
        this.window = window;
        this.batchOptions = batchOptions;
        this.batchBytes = batchBytes;
    }

    @Override
    public boolean isPipelined() {
        return true;
    }

    @Override
    public CompletionStage<WriteResult> write(List<PipelineRecord<T>> batch) {
        PendingWrite write = new PendingWrite(window, batchOptions);
        List<Row> rows = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            PipelineRecord<T> record = batch.get(i);
            try {
                rows.add(encoder.encode(i, record.value(), timestamps.applyAsLong(record)));
            } catch (RuntimeException e) {
                write.refuse(i, e);
            }
        }
        RowGroups.of(rows, batchBytes).forEach(write::send);
        return write.sent();
    }

    @Override
    public void close() {
        session.close();
    }
}
