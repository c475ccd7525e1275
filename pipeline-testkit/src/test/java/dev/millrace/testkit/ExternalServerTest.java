package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalServerTest {
    @AfterEach
    void unset() {
        List.of("millrace.kafka", "millrace.cassandra", "millrace.cassandra.datacenter")
                .forEach(System::clearProperty);
    }

    @Test
    void shouldStandForTheNamedClusterAndLeaveItAlone() {
        System.setProperty("millrace.kafka", " broker-1:9092,broker-2:9092 ");

        try (KafkaServer kafka = KafkaServer.builder().port(1).start()) {
            assertThat(kafka.isExternal()).isTrue();
            assertThat(kafka.isRunning()).isTrue();
            assertThat(kafka.bootstrapServers()).isEqualTo("broker-1:9092,broker-2:9092");
            assertThatThrownBy(kafka::kill)
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessage("the external server named by millrace.kafka cannot be killed; unset millrace.kafka to"
                            + " have the test kit start one");
            for (Runnable action : List.<Runnable>of(
                    kafka::stop,
                    kafka::pause,
                    kafka::resume,
                    kafka::restart,
                    kafka::pid,
                    kafka::log,
                    kafka::directory)) {
                assertThatThrownBy(action::run).isInstanceOf(UnsupportedOperationException.class);
            }
        }
    }

    @Test
    void shouldReadAddressAndDatacenterOfTheNamedNode() {
        System.setProperty("millrace.cassandra", "[::1]:9043");
        System.setProperty("millrace.cassandra.datacenter", "east");

        try (CassandraServer cassandra = CassandraServer.start()) {
            assertThat(cassandra.contactPoint().getAddress().isLoopbackAddress())
                    .isTrue();
            assertThat(cassandra.contactPoint().getPort()).isEqualTo(9043);
            assertThat(cassandra.datacenter()).isEqualTo("east");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:", ":9042", "localhost:cql", "localhost:0", "localhost:70000"})
    void shouldRefuseAnAddressThatIsNone(String text) {
        System.setProperty("millrace.cassandra", text);

        assertThatThrownBy(CassandraServer::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("millrace.cassandra must be host:port, got '" + text + "'");
    }
}
