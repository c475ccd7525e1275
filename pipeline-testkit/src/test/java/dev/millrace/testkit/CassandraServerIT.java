package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CassandraServerIT {
    private static final int ROWS = 500;

    @Test
    void shouldKeepEveryAcknowledgedWriteWhenKilledAndRestarted() {
        try (CassandraServer cassandra = CassandraServer.start()) {
            try (CqlSession session = connect(cassandra)) {
                session.execute(
                        "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
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
    }

    @Test
    void shouldAnswerNothingWhilePausedAndEverythingAfterwards() throws Exception {
        try (CassandraServer cassandra = CassandraServer.start();
                CqlSession session = connect(cassandra)) {
            cassandra.pause();
            CompletionStage<?> answer = session.executeAsync("SELECT now() FROM system.local");
            assertThatThrownBy(() -> answer.toCompletableFuture().get(1, TimeUnit.SECONDS))
                    .isInstanceOf(TimeoutException.class);
            cassandra.resume();

            answer.toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldRunTwoAtOnceEachWithItsOwnData() {
        try (CassandraServer one = CassandraServer.start();
                CassandraServer other =
                        CassandraServer.builder().heapMegabytes(512).start();
                CqlSession toOne = connect(one);
                CqlSession toOther = connect(other)) {
            toOne.execute("CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");

            assertThat(toOne.refreshSchema().getKeyspace("k")).isPresent();
            assertThat(toOther.refreshSchema().getKeyspace("k")).isEmpty();
            assertThat(one.contactPoint()).isNotEqualTo(other.contactPoint());
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
        return CqlSession.builder()
                .addContactPoint(cassandra.contactPoint())
                .withLocalDatacenter(cassandra.datacenter())
                .build();
    }
}
