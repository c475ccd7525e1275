package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    private static final List<Integer> PORTS = List.of(10_001, 10_002);

    @TempDir
    private Path temporary;

    @Test
    void shouldPutTheUsersValueOverItsOwnInTheBrokersProperties() throws IOException {
        KafkaServer.Builder builder = KafkaServer.builder()
                .property("message.max.bytes", "12000000")
                .property("auto.create.topics.enable", "true")
                .property("advertised.listeners", "CLIENT://localhost:9\\n");

        Properties properties = new Properties();
        KafkaRecipe.of(builder.options()).configure(directory(), PORTS);
        try (Reader reader = Files.newBufferedReader(temporary.resolve("server.properties"))) {
            properties.load(reader);
        }

        assertThat(properties)
                .containsEntry("message.max.bytes", "12000000")
                .containsEntry("auto.create.topics.enable", "true")
                .containsEntry("advertised.listeners", "CLIENT://localhost:9\\n")
                .containsEntry("listeners", "CLIENT://127.0.0.1:10001,CONTROLLER://127.0.0.1:10002")
                .containsEntry(
                        "log.dirs", temporary.toRealPath().resolve("data").toString());
    }

    @Test
    void shouldHaveABrokerOfAClusterKnowItsPeersAndKeepCopies() throws IOException {
        ServerOptions options = KafkaCluster.builder()
                .property("default.replication.factor", "2")
                .options();

        Properties properties = new Properties();
        KafkaRecipe.of(options, KafkaRecipe.newClusterId(), 2, Map.of(1, 10_012, 3, 10_032))
                .configure(directory(), PORTS);
        try (Reader reader = Files.newBufferedReader(temporary.resolve("server.properties"))) {
            properties.load(reader);
        }

        assertThat(properties)
                .containsEntry("node.id", "2")
                .containsEntry("controller.quorum.voters", "1@127.0.0.1:10012,2@127.0.0.1:10002,3@127.0.0.1:10032")
                .containsEntry("offsets.topic.replication.factor", "3")
                .containsEntry("min.insync.replicas", "2")
                .containsEntry("default.replication.factor", "2");
    }

    @Test
    void shouldWriteTheNodesYamlWithPathsThatHoldAnyCharacter() throws IOException {
        Path awkward = temporary.resolve("it's: a #directory");
        CassandraServer.Builder builder = CassandraServer.builder()
                .javaHome(JavaHome.current().path())
                .property("commitlog_sync", "periodic")
                .property("commitlog_sync_period", "10s");

        CassandraRecipe.of(builder.options(), new JavaSearch(JavaHome.current(), Map.of(), List.of()), 0)
                .configure(ServerDirectory.create("cassandra", awkward), PORTS);

        assertThat(awkward.resolve("cassandra.yaml"))
                .content()
                .contains("native_transport_port: 10001\n", "storage_port: 10002\n", "seeds: '127.0.0.1:10002'")
                .contains("commitlog_sync: periodic\n", "commitlog_sync_period: 10s\n")
                .doesNotContain("batch")
                .contains("commitlog_directory: '" + temporary.toRealPath() + "/it''s: a #directory/data/commitlog'\n");
    }

    @Test
    void shouldKeepThePortsOfADirectoryWhenItIsUsedAgain() {
        List<Integer> first = directory().ports(2, 0);

        assertThat(directory().ports(2, 0)).isEqualTo(first);
        assertThat(directory().ports(2, 9092)).containsExactly(9092, first.get(1));
    }

    @Test
    void shouldNameTheFileWhenItsPortsCannotBeRead() throws IOException {
        Files.writeString(temporary.resolve("ports"), "many\n");

        assertThatThrownBy(() -> directory().ports(2, 0))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining(
                        temporary.toRealPath().resolve("ports") + " must hold a port number on each line");
    }

    @Test
    void shouldRefuseOptionsThatCannotBe() {
        assertThatThrownBy(() -> KafkaServer.builder().port(0)).hasMessage("port must be between 1 and 65535, got 0");
        assertThatThrownBy(() -> KafkaServer.builder().heapMegabytes(-1))
                .hasMessage("heapMegabytes must be positive, got -1");
        assertThatThrownBy(() -> KafkaServer.builder().startTimeout(Duration.ZERO))
                .hasMessage("startTimeout must be positive, got PT0S");
        assertThatThrownBy(() -> KafkaServer.builder().property("listeners", "x"))
                .hasMessage("property 'listeners' is set by the test kit and cannot be changed");
        assertThatThrownBy(() -> CassandraServer.builder().property("storage_port", "7000"))
                .hasMessage("property 'storage_port' is set by the test kit and cannot be changed");
    }

    private ServerDirectory directory() {
        return ServerDirectory.create("test", temporary);
    }
}
