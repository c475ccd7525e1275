package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CassandraServerExtension.class)
class CassandraServerIT {
    private static final String CREATE_KEYSPACE =
            "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";
    private static final int ROWS = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final CassandraServer cassandra;

    CassandraServerIT(CassandraServer cassandra) {
        this.cassandra = cassandra;
    }

    @Test
    void shouldKeepEveryAcknowledgedWriteWhenKilledAndRestarted() {
        try (CqlSession session = connect(cassandra)) {
            session.execute(CREATE_KEYSPACE);
            session.execute("CREATE TABLE k.t (id int PRIMARY KEY, name text)");
            var insert = session.prepare("INSERT INTO k.t (id, name) VALUES (?, ?)");
            IntStream.range(0, ROWS).forEach(id -> session.execute(insert.bind(id, "row " + id)));
            cassandra.kill();
        }
        assertThat(cassandra.isRunning()).isFalse();

        cassandra.restart();

        try (CqlSession session = connect(cassandra)) {
            assertThat(session.execute("SELECT id FROM k.t")).hasSize(ROWS);
        }
    }

    @Test
    void shouldAnswerNothingWhilePausedAndEverythingAfterwards() throws Exception {
        try (CqlSession session = connect(cassandra)) {
            cassandra.pause();
            CompletableFuture<?> answer =
                    session.executeAsync("SELECT now() FROM system.local").toCompletableFuture();
            assertThatThrownBy(() -> answer.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            cassandra.resume();

            answer.get(3, TimeUnit.MINUTES);
        }
    }

    @Test
    void shouldRunTwoAtOnceEachWithItsOwnData() {
        try (CassandraServer other =
                        CassandraServer.builder().heapMegabytes(512).start();
                CqlSession toFirst = connect(cassandra);
                CqlSession toOther = connect(other)) {
            toOther.execute(CREATE_KEYSPACE.replace(" k ", " only_in_other "));

            assertThat(toOther.refreshSchema().getKeyspace("only_in_other")).isPresent();
            assertThat(toFirst.refreshSchema().getKeyspace("only_in_other")).isEmpty();
            assertThat(other.contactPoint()).isNotEqualTo(cassandra.contactPoint());
        }
    }

    @Test
    void shouldShowTheEndOfTheLogWhenTheServerDoesNotStart() {
        assertThatThrownBy(() -> CassandraServer.builder()
                        .property("no_such_option", "1")
                        .start())
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("Cassandra 5.0.9 ended with exit code")
                .hasMessageContaining("no_such_option")
                .satisfies(e -> {
                    Path log = TestFiles.logNamedIn(e.getMessage());
                    assertThat(log).exists();
                    TestFiles.deleteTree(log.getParent());
                });
    }

    private static CqlSession connect(CassandraServer cassandra) {
        DriverConfigLoader patient = DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_REQUEST_TIMEOUT, PATIENCE)
                .withDuration(DefaultDriverOption.HEARTBEAT_TIMEOUT, PATIENCE)
                .build();
        return CqlSession.builder()
                .withConfigLoader(patient)
                .addContactPoint(cassandra.contactPoint())
                .withLocalDatacenter(cassandra.datacenter())
                .build();
    }
}
