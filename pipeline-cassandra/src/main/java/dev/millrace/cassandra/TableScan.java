package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import dev.millrace.cache.internal.Answers;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Reads a table from its beginning, page by page, to answer what has not been asked yet. A row that the record cannot
 * be is passed over: it fails the record that asks for it.
 */
record TableScan<V>(CqlSession session, BoundStatement select, RowDecoder<V> decoder, int keyColumns) {

    /** Where the key is that of partitions, of each the row that a look-up would find. */
    static <V> TableScan<V> of(
            CqlSession session,
            TableName name,
            TableMetadata table,
            List<CqlIdentifier> key,
            RowDecoder<V> decoder,
            UnaryOperator<SimpleStatement> options) {
        List<CqlIdentifier> columns = new ArrayList<>(decoder.columns().names());
        columns.addAll(key);
        boolean isOfPartitions =
                new HashSet<>(key).size() < table.getPrimaryKey().size();
        SimpleStatement scan = options.apply(Cql.scan(name, columns, isOfPartitions));
        return new TableScan<>(session, session.prepare(scan).bind(), decoder, key.size());
    }

    /**
     * Keeps up to so many answers; blocks.
     *
     * @return whether these are all
     */
    boolean keepIn(Answers<List<ByteBuffer>, V> answers, long most) {
        long kept = 0;
        try {
            for (Row row : session.execute(select)) {
                if (kept == most) {
                    return false;
                }
                kept += keep(row, answers) ? 1 : 0;
            }
            return true;
        } catch (RuntimeException e) {
            throw Failures.translate(e, decoder.columns().table()) instanceof RuntimeException told ? told : e;
        }
    }

    private boolean keep(Row row, Answers<List<ByteBuffer>, V> answers) {
        List<ByteBuffer> key = new ArrayList<>(keyColumns);
        int first = decoder.columns().names().size();
        for (int i = first; i < first + keyColumns; i++) {
            ByteBuffer value = row.getBytesUnsafe(i);
            if (value == null) {
                return false; // a partition of static columns alone
            }
            key.add(value);
        }
        try {
            answers.keep(List.copyOf(key), Optional.of(decoder.decode(row)));
            return true;
        } catch (RefusedRecordException refused) {
            return false;
        }
    }
}
