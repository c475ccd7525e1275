package shop;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Called by one thread. */
final class OutboxReader implements SourceReader<Order> {

    private static final String PARTITION = "outbox";
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Connection connection;
    private final int limit;
    private long last;

    OutboxReader(Connection connection, int limit) {
        this.connection = connection;
        this.limit = limit;
    }

    @Override
    public List<PipelineRecord<Order>> poll(Duration timeout) {
        List<PipelineRecord<Order>> records = new ArrayList<>();
        try (PreparedStatement next = connection.prepareStatement(
                "SELECT id, customer, product, pieces FROM outbox WHERE id > ? ORDER BY id LIMIT ?")) {
            next.setLong(1, last);
            next.setInt(2, limit);
            try (ResultSet rows = next.executeQuery()) {
                while (rows.next()) {
                    Order order = new Order(rows.getString(2), rows.getString(3), rows.getInt(4));
                    records.add(PipelineRecord.of(order, PARTITION, rows.getLong(1)));
                }
            }
        } catch (SQLException e) {
            throw new UnavailableException("the outbox cannot be read", e);
        }
        if (records.isEmpty()) {
            LockSupport.parkNanos(Math.min(LOOK_EVERY.toNanos(), timeout.toNanos()));
        } else {
            last = records.get(records.size() - 1).offset();
        }
        return records;
    }

    @Override
    public void commit(Map<String, Long> frontier) {
        try (PreparedStatement done = connection.prepareStatement("DELETE FROM outbox WHERE id < ?")) {
            done.setLong(1, frontier.get(PARTITION));
            done.executeUpdate();
        } catch (SQLException e) {
            throw new UnavailableException("the outbox cannot be written", e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
