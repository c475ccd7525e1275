package dev.millrace.examples;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.internal.core.loadbalancing.DcInferringLoadBalancingPolicy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables of a Cassandra, by its own driver. */
record CassandraTables(InetSocketAddress address, @Nullable String datacenter, Duration patience) {

    /** Makes statements one after the other. */
    void execute(String... statements) {
        try (CqlSession session = open()) {
            for (String statement : statements) {
                session.execute(statement);
            }
        } catch (AllNodesFailedException failure) {
            throw unreachable();
        }
    }

    /** Makes a statement with values where it has question marks. */
    void insert(String statement, Object... values) {
        try (CqlSession session = open()) {
            session.execute(statement, values);
        } catch (AllNodesFailedException failure) {
            throw unreachable();
        }
    }

    private ExampleException unreachable() {
        return new ExampleException("no Cassandra answers at " + address.getHostString() + ":" + address.getPort());
    }

    /** What a query answers: the columns of each row by name. */
    List<Map<String, @Nullable Object>> query(String query) {
        try (CqlSession session = open()) {
            List<Map<String, @Nullable Object>> rows = new ArrayList<>();
            for (Row row : session.execute(query)) {
                Map<String, @Nullable Object> columns = new LinkedHashMap<>();
                row.getColumnDefinitions()
                        .forEach(column -> columns.put(column.getName().asInternal(), row.getObject(column.getName())));
                rows.add(columns);
            }
            return rows;
        }
    }

    private CqlSession open() {
        CqlSessionBuilder builder = CqlSession.builder()
                .addContactPoint(address)
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withClass(
                                DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS, DcInferringLoadBalancingPolicy.class)
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, patience)
                        .build());
        return datacenter == null
                ? builder.build()
                : builder.withLocalDatacenter(datacenter).build();
    }
}
