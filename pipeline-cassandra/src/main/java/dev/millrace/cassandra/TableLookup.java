package dev.millrace.cassandra;

import dev.millrace.pipeline.spi.CacheStats;
import dev.millrace.pipeline.spi.Lookup;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Looks rows up by what the server makes of a key. */
final class TableLookup<K, V> implements Lookup<K, V> {

    private final SharedSession.Lease session;
    private final KeyEncoder keys;
    private final Lookup<List<ByteBuffer>, V> rows;

    TableLookup(SharedSession.Lease session, KeyEncoder keys, Lookup<List<ByteBuffer>, V> rows) {
        this.session = session;
        this.keys = keys;
        this.rows = rows;
    }

    @Override
    public CompletionStage<Optional<V>> find(K key) throws Exception {
        List<ByteBuffer> columns = key == null ? null : keys.encode(key);
        if (columns == null || columns.size() == 1 && !columns.get(0).hasRemaining()) {
            return CompletableFuture.completedStage(Optional.empty()); // the server refuses to look for such a key
        }
        return rows.find(columns);
    }

    @Override
    public Optional<CacheStats> cache() {
        return rows.cache();
    }

    @Override
    public void close() {
        session.close();
    }
}
