package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.SinkWriter;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SessionsIT {

    record Item(String id, String value) {}

    private static final String COLUMNS = "id text PRIMARY KEY, value text";

    private static Set<Thread> driverThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("millrace-"))
                .collect(Collectors.toSet());
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
        assertThat(session.isClosed()).isTrue();
        assertThat(driverThreads()).isEmpty();

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
    void shouldCloseTheSessionWhenOpeningFails() {
        assertThatThrownBy(() -> TestNode.cassandra()
                        .sink("test.no_such_table", Item.class)
                        .open(new TestContext()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(driverThreads()).isEmpty();
    }

    @Test
    void shouldNameTheDatacentersWhenTheOneGivenDoesNotExist() {
        String table = TestNode.table(COLUMNS);

        assertThatThrownBy(() -> TestNode.cassandra()
                        .datacenter("mars")
                        .sink(table, Item.class)
                        .open(new TestContext()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("datacenter 'mars' has no node in the cluster at " + TestNode.address() + "; there are: "
                        + TestNode.server().datacenter());
        assertThat(driverThreads()).isEmpty();
    }

    @Test
    void shouldConnectWhenTheDatacenterIsNamed() throws Exception {
        String table = TestNode.table(COLUMNS);

        Writing.write(
                TestNode.cassandra().datacenter(TestNode.server().datacenter()).sink(table, Item.class),
                new Item("a", "b"));
    }

    /** The driver prints the values of a statement that the server warns of, unless told not to. */
    @Test
    void shouldLogNoPayloadAndNoPasswordWhateverHappens() throws Exception {
        String table = TestNode.table("part text, id text, value text, PRIMARY KEY ((part), id)");
        TestNode.session().execute("CREATE INDEX ON " + table + " (value)");
        record Secret(String part, String id, String value) {}
        String canary = "canary-5c1f";
        try (LogCapture log = new LogCapture()) {
            Writing.failures(
                    TestNode.cassandra()
                            .credentials("user", "password-canary-77")
                            .sink(table, Secret.class),
                    new Secret("a" + canary, "1", canary),
                    new Secret("a" + canary, "2", canary.repeat(10_000)),
                    new Secret(null, "3", canary));
            Lookup<Object, Secret> lookup = TestNode.cassandra()
                    .table(table, Secret.class)
                    .keyedBy("part")
                    .open(new TestContext());
            lookup.find("a" + canary).toCompletableFuture().get();
            assertThatThrownBy(() -> lookup.find("a".repeat(70_000) + canary)
                            .toCompletableFuture()
                            .get())
                    .hasMessageNotContaining(canary);
            lookup.close();

            assertThat(log.text()).contains("INSERT INTO").doesNotContain("canary");
        }
    }
}
