package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CassandraTest {

    record User(String loginId, String userName) {}

    record Login(String loginId) {}

    private final Cassandra cassandra = Cassandra.at("localhost:9042");

    @Test
    void shouldConnectToNothingWhenDescribed() {
        CassandraSink<User> sink = cassandra.sink("spark_db.users", User.class).ttl(Duration.ofDays(1));

        assertThat(sink.describe()).isEqualTo("cassandra spark_db.users");
        assertThat(cassandra
                        .table("spark_db.users", User.class)
                        .keyedBy("login_id")
                        .describe())
                .isEqualTo("cassandra spark_db.users");
        assertThat(cassandra.table("spark_db.users", User.class).keyedBy(Login.class))
                .hasToString("cassandra spark_db.users");
    }

    @Test
    void shouldHideThePasswordWhenPrinted() {
        Cassandra secret = cassandra.credentials("app", "hunter2");

        assertThat(secret).hasToString("Cassandra[localhost:9042]");
        assertThat(new SessionSettings.Credentials("app", "hunter2").toString()).doesNotContain("hunter2");
    }

    @Test
    void shouldNameTheComponentsWhenOneIsUnknown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cassandra.sink("spark_db.users", User.class).column("userNme", "user_name"))
                .withMessage("component must be one of record User [loginId, userName], got 'userNme'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cassandra.sink("spark_db.users", User.class).without("x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cassandra.table("spark_db.users", User.class).column("x", "user_name"));
    }

    @Test
    void shouldRefuseOptionsWhenTheyMakeNoSense() {
        CassandraSink<User> sink = cassandra.sink("spark_db.users", User.class);
        CassandraLookup<Object, User> lookup =
                cassandra.table("spark_db.users", User.class).keyedBy("login_id");

        assertThatThrownBy(() -> sink.concurrency(0)).hasMessage("concurrency must be positive, got 0");
        assertThatThrownBy(() -> sink.batchBytes(-1)).hasMessage("batchBytes must not be negative, got -1");
        assertThatThrownBy(() -> sink.ttl(Duration.ZERO)).hasMessage("ttl must be 1 second to 20 years, got PT0S");
        assertThatThrownBy(() -> lookup.freshFor(Duration.ofSeconds(-1)))
                .hasMessage("freshFor must not be negative, got PT-1S");
        assertThatThrownBy(() -> lookup.missesFreshFor(Duration.ofSeconds(-1)))
                .hasMessage("missesFreshFor must not be negative, got PT-1S");
        assertThatThrownBy(() -> lookup.staleFor(Duration.ofSeconds(-1)))
                .hasMessage("staleFor must not be negative, got PT-1S");
        assertThatThrownBy(() -> lookup.maxEntries(0)).hasMessage("maxEntries must be positive, got 0");
        assertThatThrownBy(() -> lookup.timeout(Duration.ZERO)).hasMessage("timeout must be positive, got PT0S");
    }

    @Test
    void shouldSayInOneLineWhatCannotBeReachedWhenThePortIsClosed() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }

        assertThatThrownBy(() -> Cassandra.at("127.0.0.1:" + closed)
                        .sink("spark_db.users", User.class)
                        .open(new TestContext()))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("no Cassandra node reachable at 127.0.0.1:" + closed + ": ")
                .hasMessageContaining("Connection refused")
                .message()
                .hasLineCount(1);
    }
}
