package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaClusterIT {
    @Test
    void shouldGoOnWithoutAnyOneBrokerAndHaveAllCopiesOnceItIsBack() {
        try (KafkaCluster cluster = KafkaCluster.start()) {
            String servers = cluster.bootstrapServers();
            assertThat(servers.split(",")).hasSize(3);
            KafkaRoundTrip.createTopic(servers, "copied");
            assertThat(KafkaRoundTrip.copies(servers, "copied")).containsExactlyInAnyOrder(1, 2, 3);
            KafkaRoundTrip.send(servers, "copied", "before");

            KafkaServer leader = cluster.broker(KafkaRoundTrip.leader(servers, "copied"));
            leader.kill();
            KafkaRoundTrip.send(servers, "copied", "without");
            assertThat(KafkaRoundTrip.read(servers, "copied", "classic", 2)).containsExactly("before", "without");
            assertThat(KafkaRoundTrip.read(servers, "copied", "consumer", 2)).containsExactly("before", "without");

            leader.restart();
            KafkaRoundTrip.awaitInSync(servers, "copied", 3);
            assertThat(cluster.bootstrapServers()).isEqualTo(servers);
        }
    }

    @Test
    void shouldComeBackWithItsDataWhenAllBrokersWereKilled(@TempDir Path directory) {
        KafkaCluster.Builder builder = KafkaCluster.builder().dataDirectory(directory);
        String servers;
        try (KafkaCluster cluster = builder.start()) {
            servers = cluster.bootstrapServers();
            KafkaRoundTrip.createTopic(servers, "kept");
            KafkaRoundTrip.send(servers, "kept", "a");
            cluster.brokers().forEach(KafkaServer::kill);

            cluster.restart();

            KafkaRoundTrip.send(servers, "kept", "b");
        }
        assertThat(directory.resolve("broker-2/data/meta.properties")).exists();
        try (KafkaCluster again = builder.start()) {
            assertThat(again.bootstrapServers()).isEqualTo(servers);
            assertThat(KafkaRoundTrip.read(servers, "kept", "classic", 2)).containsExactly("a", "b");
        }
    }

    @Test
    void shouldStartNoneWhenThePortOfOneIsTaken(@TempDir Path directory) throws Exception {
        int port = firstOfThreeFree();
        try (ServerSocket taken = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();

            assertThatThrownBy(() -> KafkaCluster.builder()
                            .port(port)
                            .dataDirectory(directory)
                            .start())
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("Kafka 4.3.1, broker 2 ended with exit code 1 before it was ready")
                    .hasMessageContaining("Address already in use");

            assertThat(FreePorts.isFree(port)).isTrue();
            assertThat(FreePorts.isFree(port + 2)).isTrue();
        }
        try (Stream<Path> brokers = Files.list(directory)) {
            assertThat(brokers.map(broker -> broker.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(List.of("broker-1", "broker-2", "broker-3"));
        }
    }

    private static int firstOfThreeFree() {
        while (true) {
            int port = FreePorts.next();
            if (FreePorts.isFree(port + 1) && FreePorts.isFree(port + 2)) {
                return port;
            }
        }
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        assertThatThrownBy(() -> KafkaCluster.builder().brokers(0)).hasMessage("brokers must be positive, got 0");
        assertThatThrownBy(() -> KafkaCluster.builder().port(65_534).start())
                .hasMessage("port of the first of 3 brokers must be at most 65533, got 65534");
        assertThatThrownBy(() -> KafkaCluster.builder().property("advertised.listeners", "x"))
                .hasMessage("property 'advertised.listeners' is set by the test kit and cannot be changed");
    }
}
