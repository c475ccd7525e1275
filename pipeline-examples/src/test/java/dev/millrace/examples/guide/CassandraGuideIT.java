package dev.millrace.examples.guide;

import static com.datastax.oss.driver.api.core.ConsistencyLevel.LOCAL_QUORUM;
import static dev.millrace.pipeline.Aggregators.summing;
import static dev.millrace.pipeline.policy.Aggregation.keptIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.cassandra.CassandraLookup;
import dev.millrace.cassandra.CassandraSink;
import dev.millrace.examples.TestServers;
import dev.millrace.files.Csv;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.CassandraServerExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The code of the page on Cassandra. */
@ExtendWith(CassandraServerExtension.class)
@Timeout(600)
class CassandraGuideIT {

    record Order(String customer, long number, long cents, Instant changedAt) {}

    record Customer(String id, String name) {}

    record NamedOrder(String customer, long number, String name, long cents) {

        static NamedOrder of(Order order, Customer customer) {
            return new NamedOrder(order.customer(), order.number(), customer.name(), order.cents());
        }
    }

    record Sales(String customer, long cents) {}

    private static final Instant NOON = Instant.parse("2025-03-25T12:00:00Z");

    private CqlSession session;
    private Cassandra cassandra;

    @BeforeEach
    void beginAnew(CassandraServer server) {
        session = TestServers.session(server);
        cassandra = Cassandra.at(TestServers.address(server));
        List.of(
                        "DROP KEYSPACE IF EXISTS shop",
                        "CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
                        "CREATE TABLE shop.orders (customer text, number bigint, name text, cents bigint,"
                                + " PRIMARY KEY (customer, number))",
                        "CREATE TABLE shop.customers (id text PRIMARY KEY, name text)",
                        "INSERT INTO shop.customers (id, name) VALUES ('c1', 'Maria')",
                        "CREATE TABLE shop.sales (customer text PRIMARY KEY, cents bigint)",
                        "CREATE TABLE shop.states (pipeline text, stage text, partition text, key blob,"
                                + " position bigint, state blob, PRIMARY KEY ((pipeline, stage, partition), key))")
                .forEach(session::execute);
    }

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void shouldKeepTheNewestRow() throws Exception {
        Patiently.run(Pipeline.named("orders")
                .from(Sources.of(order(7, 100, NOON), order(7, 90, NOON.minusSeconds(1))))
                .to(orders()));

        Row row = session.execute("SELECT cents, ttl(cents), writetime(cents) FROM shop.orders")
                .one();
        assertThat(row.getLong(0)).isEqualTo(100);
        assertThat(row.getInt(1)).isPositive();
        assertThat(row.getLong(2)).isEqualTo(NOON.getEpochSecond() * 1_000_000);
    }

    private CassandraSink<Order> orders() {
        // docs:begin
        return cassandra
                .sink("shop.orders", Order.class)
                .writtenAt(Order::changedAt)
                .without("changedAt")
                .consistency(LOCAL_QUORUM)
                .ttl(Duration.ofDays(90));
        // docs:end
    }

    @Test
    void shouldJoinOrdersWithCustomers() throws Exception {
        Order ofNobody = new Order("c9", 8, 1, NOON);

        Patiently.run(named(Sources.of(order(7, 100, NOON), ofNobody), customers()));

        assertThat(session.execute("SELECT name FROM shop.orders").all())
                .singleElement()
                .satisfies(row -> assertThat(row.getString(0)).isEqualTo("Maria"));
    }

    private Pipeline named(Source<Order> orders, Enricher<Object, Customer> customers) {
        // docs:begin
        return Pipeline.named("orders")
                .from(orders)
                .enrichOrDrop(customers, Order::customer, NamedOrder::of)
                .to(cassandra.sink("shop.orders", NamedOrder.class));
        // docs:end
    }

    private CassandraLookup<Object, Customer> customers() {
        // docs:begin
        return cassandra
                .table("shop.customers", Customer.class)
                .keyedBy("id")
                .freshFor(Duration.ofMinutes(10))
                .refreshAfter(Duration.ofMinutes(8))
                .missesFreshFor(Duration.ofSeconds(30))
                .staleFor(Duration.ofHours(1));
        // docs:end
    }

    @Test
    void shouldKeepCountsAndPosition(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("orders.csv"), """
                customer,number,cents,changedAt
                c1,1,100,2025-03-25T12:00:00Z
                c1,2,50,2025-03-25T12:00:00Z
                """);

        Patiently.run(sales(file));
        Files.writeString(file, Files.readString(file) + "c1,3,7,2025-03-25T12:00:00Z\n");
        Patiently.run(sales(file));

        assertThat(session.execute("SELECT cents FROM shop.sales").one().getLong(0))
                .isEqualTo(157);
    }

    private Pipeline sales(Path orders) {
        // docs:begin
        return Pipeline.named("sales")
                .from(Csv.source(orders, Order.class).positionKeptIn(cassandra.states("shop.states")))
                .keyBy(Order::customer)
                .aggregate(summing(Order::cents), Sales::new, keptIn(cassandra.states("shop.states")))
                .to(cassandra.sink("shop.sales", Sales.class));
        // docs:end
    }

    private static Order order(long number, long cents, Instant changedAt) {
        return new Order("c1", number, cents, changedAt);
    }
}
