package shop;

import dev.millrace.pipeline.spi.Source;
import dev.millrace.testkit.contract.SourceContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class OutboxSourceTest extends SourceContract<Order> {

    @TempDir
    Path directory;

    private String database;

    @BeforeEach
    void makeTable() throws SQLException {
        database = "jdbc:sqlite:" + directory.resolve("shop.db");
        try (Connection connection = DriverManager.getConnection(database)) {
            connection.createStatement().execute(Shop.TABLE);
        }
    }

    @Override
    protected Source<Order> source() {
        return new OutboxSource(database);
    }

    @Override
    protected Order value(int number) {
        return new Order("customer " + number, "lamp", number);
    }

    @Override
    protected void add(List<Order> orders) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database);
                PreparedStatement rows = connection.prepareStatement(
                        "INSERT INTO outbox (customer, product, pieces) VALUES (?, ?, ?)")) {
            connection.setAutoCommit(false);
            for (Order order : orders) {
                rows.setString(1, order.customer());
                rows.setString(2, order.product());
                rows.setInt(3, order.pieces());
                rows.executeUpdate();
            }
            connection.commit();
        }
    }

    @Override
    protected boolean keepsPosition() {
        return true;
    }
}
