package shop;

import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The rows of the table {@code outbox} of a database, in the order of their ids. Those that are done are deleted. */
public record OutboxSource(String database) implements Source<Order> {

    @Override
    public SourceReader<Order> open(SourceContext context) throws SQLException {
        return new OutboxReader(DriverManager.getConnection(database), context.pollLimit());
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }
}
