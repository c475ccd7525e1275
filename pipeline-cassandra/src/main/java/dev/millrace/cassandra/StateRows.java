package dev.millrace.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StageFailedException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/*
 * States as rows of a table, of which the one that counts stays.
 *
 * The write timestamp follows from the offset. Where timestamps are the same, Cassandra keeps the greater value of each
 * column: the position is the same, and the state begins with a turn, which is higher in the later one. The turn is no
 * column of its own, for then the turn of one state might stay with the bytes of the other.
 *
 * A turn is a term and a count of the states since. The term begins whenever a partition is loaded: above all that is
 * found, and not below the time of day, since an instance that loaded it before may have written nothing yet. So whoever
 * has loaded a partition last has the higher turns, however many are written by an instance that does not know yet that
 * it has lost the partition: as sure as its own turns are found, and else as sure as clocks agree about which load came
 * first. A count that overflows makes a later term of its own, which time outruns.
 */
final class StateRows {

    /**
     * Above the time of day in microseconds: a row that somebody deletes by hand stays, and so does what comes after.
     */
    private static final long FIRST_TIMESTAMP = 1L << 62;

    /** What is left below the microseconds since 1970, until the year 2112. */
    private static final int COUNT_BITS = 11;

    private final PreparedStatement insert;
    private final TableName table;
    private final String pipeline;
    private final String stage;
    private final Map<String, Long> turns = new ConcurrentHashMap<>();

    StateRows(PreparedStatement insert, TableName table, String pipeline, String stage) {
        this.insert = insert;
        this.table = table;
        this.pipeline = pipeline;
        this.stage = stage;
    }

    /** A partition is about to be loaded; what is found of it comes after this. */
    void begins(String partition) {
        beginTerm(partition, WriteTimestamps.micros(Instant.now()));
    }

    private void beginTerm(String partition, long term) {
        turns.merge(partition, term << COUNT_BITS, Math::max);
    }

    Row encode(PendingWrite write, int index, String partition, KeptState state) {
        if (state.offset() < 0 || state.offset() >= FIRST_TIMESTAMP) {
            throw new IllegalArgumentException("offset of a state must be 0 to " + (FIRST_TIMESTAMP - 1) + ", got "
                    + state.offset() + " in partition '" + partition + "'");
        }
        if (state.key().length > RowEncoder.LONGEST_KEY) {
            throw new IllegalArgumentException("key of a state in table " + table + " must be at most "
                    + RowEncoder.LONGEST_KEY + " bytes, got " + state.key().length);
        }
        long turn = turns.merge(partition, 1L, Long::sum);
        ByteBuffer stored = ByteBuffer.allocate(Long.BYTES + state.state().length)
                .putLong(turn)
                .put(state.state())
                .flip();
        BoundStatement statement = insert.bind(
                pipeline,
                stage,
                partition,
                ByteBuffer.wrap(state.key()),
                state.offset(),
                stored,
                FIRST_TIMESTAMP + state.offset());
        ByteBuffer partitionKey = Objects.requireNonNull(statement.getRoutingKey(), "partition key");
        int bytes = RowEncoder.bytes(7, partitionKey.remaining() + state.key().length + stored.remaining());
        return new Row(write, index, partitionKey, () -> statement, bytes);
    }

    KeptState decode(String partition, com.datastax.oss.driver.api.core.cql.Row row) {
        ByteBuffer key = row.getByteBuffer(0);
        ByteBuffer stored = row.getByteBuffer(2);
        if (key == null || row.isNull(1) || stored == null || stored.remaining() < Long.BYTES) {
            throw new StageFailedException("table " + table + " holds a row of partition '" + partition
                    + "' of pipeline '" + pipeline + "' and stage '" + stage + "' that is no state");
        }
        beginTerm(partition, (stored.getLong() >>> COUNT_BITS) + 1);
        return new KeptState(bytes(key), row.getLong(1), bytes(stored));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
