package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.SinkWriter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionsIT {

    record Item(String id, String value) {}

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String COLUMNS = "id text PRIMARY KEY, value text";

    /** The driver's threads end a moment after its session. */
    private static void assertThatNoDriverThreadIsLeft() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("millrace-")) {
                thread.join(PATIENCE.toMillis());
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    @Test
    void shouldShareOneSessionAndCloseItWhenTheLastIsClosed() throws Exception {
        String table = TestNode.table(COLUMNS);
        Cassandra cassandra = TestNode.cassandra();
        CassandraSink<Item> sink = cassandra.sink(table, Item.class);

        SinkWriter<Item> first = sink.open(new TestContext());
        SinkWriter<Item> second = sink.open(new TestContext());
        Lookup<Object, Item> lookup =
                cassandra.table(table, Item.class).keyedBy("id").open(new TestContext());
        SharedSession.Lease lease = cassandra.lease();
        CqlSession session = lease.session();
        lease.close();
        lease.close();

        first.close();
        second.close();
        assertThat(session.isClosed()).isFalse();
        lookup.close();
        // It is given up on after a few seconds, which a machine may need for what is left to do.
        session.closeFuture().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThatNoDriverThreadIsLeft();

        // The description still holds, and opens another.
        Writing.write(sink, new Item("a", "again"));
    }

    @Test
    void shouldLeaveTheServicesSessionOpen() throws Exception {
        String table = TestNode.table(COLUMNS);
        try (CqlSession session = TestNode.session(TestNode.server())) {
            Cassandra cassandra = Cassandra.using(session);
            assertThat(cassandra).hasToString("Cassandra[session of the service]");

            Writing.write(cassandra.sink(table, Item.class), new Item("a", "kept"));
            cassandra
                    .table(table, Item.class)
                    .keyedBy("id")
                    .open(new TestContext())
                    .close();

            assertThat(session.isClosed()).isFalse();
            assertThat(session.execute("SELECT value FROM " + table).one().getString(0))
                    .isEqualTo("kept");
            assertThatThrownBy(() -> cassandra.datacenter("dc1"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("datacenter must be set on the session given, not here");
        }
    }

    @Test
    void shouldCloseTheSessionWhenOpeningFails() throws Exception {
        assertThatThrownBy(() -> TestNode.cassandra()
                        .sink("test.no_such_table", Item.class)
                        .open(new TestContext()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatNoDriverThreadIsLeft();
    }

    @Test
    void shouldNameTheDatacentersWhenTheOneGivenDoesNotExist() throws Exception {
        String table = TestNode.table(COLUMNS);

        assertThatThrownBy(() -> TestNode.cassandra()
                        .datacenter("mars")
                        .sink(table, Item.class)
                        .open(new TestContext()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("datacenter 'mars' has no node in the cluster at " + TestNode.address() + "; there are: "
                        + TestNode.server().datacenter());
        assertThatNoDriverThreadIsLeft();
    }

    @Test
    void shouldConnectWhenTheDatacenterIsNamed() throws Exception {
        String table = TestNode.table(COLUMNS);

        Writing.write(
                TestNode.cassandra().datacenter(TestNode.server().datacenter()).sink(table, Item.class),
                new Item("a", "b"));
    }

    record Secret(String part, String id, String value) {}

    @Test
    void shouldLogNoPayloadAndNoPasswordWhateverHappens() throws Exception {
        String table = TestNode.table("part text, id text, value text, PRIMARY KEY ((part), id)");
        TestNode.session().execute("CREATE INDEX ON " + table + " (value)");
        String canary = "canary-5c1f";
        makeTheServerWarnOfReading(table, canary);
        Cassandra ours = TestNode.cassandra().credentials("user", canary);
        try (LogCapture log = new LogCapture()) {
            Writing.failures(
                    ours.sink(table, Secret.class),
                    new Secret("a" + canary, "1", canary),
                    new Secret("a" + canary, "2", canary.repeat(10_000)),
                    new Secret(null, "3", canary));
            find(ours, table, canary);
            assertThatThrownBy(() -> find(ours, table, "a".repeat(70_000) + canary))
                    .hasMessageNotContaining(canary);

            assertThat(log.text()).doesNotContain(canary);
        }
        // So that silence proves something: by default the driver prints what the server warns of, keys included.
        try (LogCapture log = new LogCapture()) {
            try (CqlSession session = TestNode.session(TestNode.server())) {
                find(Cassandra.using(session), table, canary);
            }
            assertThat(log.text()).contains(canary);
        }
    }

    private static void find(Cassandra cassandra, String table, String part) throws Exception {
        try (Lookup<Object, Secret> lookup =
                cassandra.table(table, Secret.class).keyedBy("part").open(new TestContext())) {
            lookup.find(part).toCompletableFuture().get(5, TimeUnit.MINUTES);
        }
    }

    /** It does from 1,000 tombstones on. */
    private static void makeTheServerWarnOfReading(String table, String part) {
        BatchStatementBuilder deletes = BatchStatement.builder(DefaultBatchType.UNLOGGED);
        for (int i = 0; i < 1_500; i++) {
            deletes.addStatement(
                    SimpleStatement.newInstance("DELETE FROM " + table + " WHERE part = ? AND id = ?", part, "" + i));
        }
        TestNode.session().execute(deletes.build());
    }
}
