package dev.millrace.examples.connectors;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.List;
import javax.sql.DataSource;

/**
 * Writes each batch as one transaction of a relational database. As a batch may come again, the statement should be one
 * that may be executed twice, such as {@code MERGE}.
 *
 * @param statement with a parameter for each thing that is bound
 */
// docs:begin
public record JdbcSink<T>(DataSource database, String statement, Binder<T> binder) implements Sink<T> {

    /** Sets the parameters of a statement to what a value holds. */
    @FunctionalInterface
    public interface Binder<T> {

        void bind(PreparedStatement statement, T value) throws SQLException;
    }

    @Override
    public SinkWriter<T> open(StageContext context) {
        return batch -> context.blocking(() -> write(batch));
    }

    /** Where this throws, nothing is stored: the engine splits the batch until the row to blame stands alone. */
    private WriteResult write(List<PipelineRecord<T>> batch) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement rows = connection.prepareStatement(statement)) {
            connection.setAutoCommit(false);
            for (PipelineRecord<T> record : batch) {
                binder.bind(rows, record.value());
                rows.addBatch();
            }
            rows.executeBatch();
            connection.commit();
            return WriteResult.written();
        } catch (SQLTransientException | SQLRecoverableException | SQLNonTransientConnectionException away) {
            throw new UnavailableException("the database cannot be reached", away);
        }
    }
}
// docs:end
