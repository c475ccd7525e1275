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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(KafkaServerExtension.class)
class KafkaServerIT {
    private final KafkaServer kafka;

    KafkaServerIT(KafkaServer kafka) {
        this.kafka = kafka;
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void shouldReturnWhatWasSentWithBothGroupProtocols(String protocol) {
        KafkaRoundTrip.createTopic(kafka, protocol);
        KafkaRoundTrip.send(kafka, protocol, "a", "b", "c");

        assertThat(KafkaRoundTrip.read(kafka, protocol, protocol, 3)).containsExactly("a", "b", "c");
    }

    @Test
    void shouldKeepPortAndDataWhenKilledAndRestarted() {
        String address = kafka.bootstrapServers();
        KafkaRoundTrip.createTopic(kafka, "killed");
        KafkaRoundTrip.send(kafka, "killed", "before");
        long firstPid = kafka.pid();

        kafka.kill();
        assertThat(kafka.isRunning()).isFalse();
        assertThat(ProcessHandle.of(firstPid)).isEmpty();
        kafka.restart();

        assertThat(kafka.bootstrapServers()).isEqualTo(address);
        assertThat(kafka.pid()).isNotEqualTo(firstPid);
        KafkaRoundTrip.send(kafka, "killed", "after");
        assertThat(KafkaRoundTrip.read(kafka, "killed", "classic", 2)).containsExactly("before", "after");
    }

    @Test
    void shouldAnswerNothingWhilePausedAndEverythingAfterwards() throws Exception {
        KafkaRoundTrip.createTopic(kafka, "paused");

        kafka.pause();
        assertThat(kafka.isPaused()).isTrue();
        CompletableFuture<Void> sending =
                CompletableFuture.runAsync(() -> KafkaRoundTrip.send(kafka, "paused", "during"));
        assertThatThrownBy(() -> sending.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        kafka.resume();

        sending.get(5, TimeUnit.MINUTES);
        assertThat(kafka.isPaused()).isFalse();
        assertThat(KafkaRoundTrip.read(kafka, "paused", "classic", 1)).containsExactly("during");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "HUP", "TERM"})
    void shouldLeaveSignalsToTheStartingJvm(String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, Long.toString(kafka.pid()))
                .start()
                .waitFor();

        KafkaRoundTrip.createTopic(kafka, "after-" + signal);
        assertThat(kafka.isRunning()).isTrue();
        assertThat(kafka.log()).content().doesNotContain("shutting down");
    }

    @Test
    void shouldStopInGoodOrderAndStayStoppedWhenItsDirectoryIsKept() {
        KafkaServer other = KafkaServer.builder().keepDirectory().start();
        assertThat(other.bootstrapServers()).isNotEqualTo(kafka.bootstrapServers());

        other.close();

        assertThat(other.log()).content().contains("shut down completed");
        assertThatThrownBy(other::restart)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Kafka 4.3.1 is closed and cannot be restarted");
        assertThatThrownBy(other::pause)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Kafka 4.3.1 is not running and cannot be paused");
        TestFiles.deleteTree(other.directory());
    }

    @Test
    void shouldFindItsDataWhenStartedAgainInTheSameDirectory(@TempDir Path directory) {
        KafkaServer.Builder builder =
                KafkaServer.builder().dataDirectory(directory).property("auto.create.topics.enable", "true");
        String address;
        try (KafkaServer first = builder.start()) {
            address = first.bootstrapServers();
            KafkaRoundTrip.send(first, "unheard-of", "kept");
        }
        try (KafkaServer second = builder.start()) {
            assertThat(second.bootstrapServers()).isEqualTo(address);
            assertThat(KafkaRoundTrip.read(second, "unheard-of", "consumer", 1)).containsExactly("kept");
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
        // However long this JVM stands still meanwhile: it waits for a debugger.
        assertThatThrownBy(() -> KafkaServer.builder()
                        .jvmOption("-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:0")
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
