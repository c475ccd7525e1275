package dev.millrace.examples.connectors;

import dev.millrace.pipeline.spi.Sink;
import dev.millrace.testkit.contract.SinkContract;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class JdbcSinkTest extends SinkContract<JdbcSinkTest.City> {

    private final JdbcConnectionPool database =
            JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "", "");

    record City(String name, int people) {}

    @BeforeEach
    void createTable() throws SQLException {
        execute("CREATE TABLE cities (name VARCHAR(20) PRIMARY KEY, people INT)");
    }

    @AfterEach
    void end() throws SQLException {
        execute("SHUTDOWN");
        database.dispose();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    // docs:begin
    @Override
    protected Sink<City> sink() {
        return new JdbcSink<>(database, "MERGE INTO cities KEY (name) VALUES (?, ?)", (statement, city) -> {
            statement.setString(1, city.name());
            statement.setInt(2, city.people());
        });
    }

    @Override
    protected City value(int number) {
        return new City("city " + number, number);
    }

    @Override
    protected Collection<City> stored() throws SQLException {
        List<City> cities = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name, people FROM cities")) {
            while (rows.next()) {
                cities.add(new City(rows.getString(1), rows.getInt(2)));
            }
        }
        return cities;
    }

    @Override
    protected boolean replaces() {
        return true;
    }

    @Override
    protected Optional<City> successor(int number) {
        return Optional.of(new City("city " + number, -1));
    }

    @Override
    protected Optional<City> refused() {
        return Optional.of(new City("a name too long for its column", 0));
    }
    // docs:end
}
