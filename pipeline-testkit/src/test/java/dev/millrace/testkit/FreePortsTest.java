package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void shouldHandOutEachPortOnceAndBelowTheEphemeralRanges() {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            ports.add(FreePorts.next());
        }

        assertThat(ports).hasSize(200).allMatch(port -> port >= 10_000 && port < 32_000);
    }

    @Test
    void shouldGiveNoPortAwayThatSomebodyHasChosen() {
        List<Integer> chosen = IntStream.range(20_000, 25_000).boxed().toList();

        FreePorts.take(chosen);

        assertThat(IntStream.range(0, 200).map(i -> FreePorts.next()).boxed()).doesNotContainAnyElementsOf(chosen);
    }

    @Test
    void shouldSeeThatAPortIsTakenWhenAnotherListensOnIt() throws IOException {
        int port = FreePorts.next();
        assertThat(FreePorts.isFree(port)).isTrue();

        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(Loopback.at(port));

            assertThat(FreePorts.isFree(port)).isFalse();
        }
    }
}
