package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaServerIT {
    private static final String TOPIC = "letters";

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldReturnWhatWasSentWithBothGroupProtocols(String protocol) throws Exception {
        try (KafkaServer kafka = KafkaServer.start()) {
            KafkaRoundTrip.createTopic(kafka, TOPIC);
            KafkaRoundTrip.send(kafka, TOPIC, "a", "b", "c");

            assertThat(KafkaRoundTrip.read(kafka, TOPIC, protocol, 3)).containsExactly("a", "b", "c");
        }
    }

    @Test
    void shouldKeepPortAndDataWhenKilledAndRestarted() throws Exception {
        try (KafkaServer kafka = KafkaServer.start()) {
            String address = kafka.bootstrapServers();
            KafkaRoundTrip.createTopic(kafka, TOPIC);
            KafkaRoundTrip.send(kafka, TOPIC, "before");
            long firstPid = kafka.pid();

            kafka.kill();
            assertThat(kafka.isRunning()).isFalse();
            assertThat(ProcessHandle.of(firstPid)).isEmpty();
            kafka.restart();

            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            assertThat(kafka.pid()).isNotEqualTo(firstPid);
            KafkaRoundTrip.send(kafka, TOPIC, "after");
            assertThat(KafkaRoundTrip.read(kafka, TOPIC, "classic", 2)).containsExactly("before", "after");
        }
    }

    @Test
    void shouldAnswerNothingWhilePausedAndEverythingAfterwards() throws Exception {
        try (KafkaServer kafka = KafkaServer.start()) {
            KafkaRoundTrip.createTopic(kafka, TOPIC);
            KafkaRoundTrip.send(kafka, TOPIC, "before");

            kafka.pause();
            assertThat(kafka.isPaused()).isTrue();
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> KafkaRoundTrip.send(kafka, TOPIC, "during"));
            assertThatThrownBy(() -> sending.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            kafka.resume();

            sending.get(30, TimeUnit.SECONDS);
            assertThat(kafka.isPaused()).isFalse();
            assertThat(KafkaRoundTrip.read(kafka, TOPIC, "classic", 2)).containsExactly("before", "during");
        }
    }

    @Test
    void shouldDeleteItsDirectoryWhenClosedUnlessItIsToBeKept() {
        KafkaServer gone = KafkaServer.start();
        KafkaServer kept = KafkaServer.builder().keepDirectory().start();
        assertThat(gone.bootstrapServers()).isNotEqualTo(kept.bootstrapServers());
        assertThat(gone.log()).content().contains("Kafka Server started");

        gone.close();
        kept.close();

        assertThat(gone.directory()).doesNotExist();
        assertThat(kept.log()).content().contains("shut down completed");
        assertThatThrownBy(kept::restart)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        TestFiles.deleteTree(kept.directory());
    }

    @Test
    void shouldFindItsDataWhenStartedAgainInTheSameDirectory(@TempDir Path directory) {
        String address;
        try (KafkaServer kafka = KafkaServer.builder().dataDirectory(directory).start()) {
            address = kafka.bootstrapServers();
            KafkaRoundTrip.createTopic(kafka, TOPIC);
            KafkaRoundTrip.send(kafka, TOPIC, "kept");
        }
        try (KafkaServer kafka = KafkaServer.builder().dataDirectory(directory).start()) {
            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            assertThat(KafkaRoundTrip.read(kafka, TOPIC, "consumer", 1)).containsExactly("kept");
        }
    }

    @Test
    void shouldApplyBrokerProperties() throws Exception {
        try (KafkaServer kafka = KafkaServer.builder()
                .property("auto.create.topics.enable", "true")
                .start()) {
            KafkaRoundTrip.send(kafka, "unheard-of", "x");

            assertThat(KafkaRoundTrip.read(kafka, "unheard-of", "classic", 1)).containsExactly("x");
        }
    }

    @Test
    void shouldShowTheEndOfTheLogWhenTheServerDoesNotStart() {
        assertThatThrownBy(() -> KafkaServer.builder()
                        .property("num.network.threads", "none")
                        .start())
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("Kafka 4.3.1 ended with exit code 1 before it was ready")
                .hasMessageContaining("num.network.threads")
                .satisfies(e -> {
                    Path log = TestFiles.logNamedIn(e.getMessage());
                    assertThat(log).exists();
                    TestFiles.deleteTree(log.getParent());
                });
    }

    @Test
    void shouldSayThatThePortIsTakenWhenItWasAskedFor() throws Exception {
        try (ServerSocket taken = new ServerSocket(FreePorts.next(), 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            KafkaServer.builder().port(taken.getLocalPort()).start())
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("Address already in use")
                    .satisfies(e -> TestFiles.deleteTree(
                            TestFiles.logNamedIn(e.getMessage()).getParent()));
        }
    }

    @Test
    void shouldGiveUpWhenTheStartTimeoutIsOver() {
        assertThatThrownBy(() -> KafkaServer.builder()
                        .startTimeout(Duration.ofMillis(50))
                        .start())
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("Kafka 4.3.1 was not ready within the start timeout of PT0.05S")
                .satisfies(e -> TestFiles.deleteTree(
                        TestFiles.logNamedIn(e.getMessage()).getParent()));
    }

    @Test
    void shouldNameTheVersionWhenItDoesNotExist() {
        assertThatThrownBy(() -> KafkaServer.builder().version("0.0.0").start())
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("Kafka 0.0.0 could not be resolved through Maven")
                .hasMessageContaining("millrace.kafka");
    }
}
