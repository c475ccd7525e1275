package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Another process takes a server's port after it was chosen, first the one for clients, then the other. */
class PortRetryIT {
    private final List<String> told = new ArrayList<>();

    @Test
    void shouldStartKafkaWithOtherPortsWhenItsOwnAreTaken() {
        ServerOptions options = KafkaServer.builder().progress(told::add).options();

        shouldStartAtTheThirdAttempt(KafkaRecipe.of(options), options);
    }

    @Test
    void shouldStartCassandraWithOtherPortsWhenItsOwnAreTaken() {
        ServerOptions options = CassandraServer.builder().progress(told::add).options();

        shouldStartAtTheThirdAttempt(CassandraRecipe.of(options, JavaSearch.ofThisMachine(), 0), options);
    }

    private void shouldStartAtTheThirdAttempt(ServerRecipe recipe, ServerOptions options) {
        try (PortThief thief = new PortThief(recipe);
                ChildServer server = ChildServer.start(thief, options)) {
            assertThat(server.isRunning()).isTrue();
            assertThat(thief.stolen).hasSize(2).noneMatch(socket -> socket.getLocalPort() == server.clientPort());
            assertThat(told).filteredOn(line -> line.startsWith("Starting")).hasSize(3);
        }
    }

    /** Listens on one of the ports that a server is configured with, in its first two configurations. */
    private static final class PortThief implements ServerRecipe, AutoCloseable {
        private final ServerRecipe recipe;
        private final List<ServerSocket> stolen = new ArrayList<>();

        PortThief(ServerRecipe recipe) {
            this.recipe = recipe;
        }

        @Override
        public Configuration configure(ServerDirectory directory, List<Integer> ports) {
            if (stolen.size() < 2) {
                try {
                    ServerSocket socket = new ServerSocket();
                    socket.bind(Loopback.at(ports.get(stolen.size())));
                    stolen.add(socket);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return recipe.configure(directory, ports);
        }

        @Override
        public String kind() {
            return recipe.kind();
        }

        @Override
        public String title() {
            return recipe.title();
        }

        @Override
        public List<String> artifacts() {
            return recipe.artifacts();
        }

        @Override
        public JavaHome javaHome() {
            return recipe.javaHome();
        }

        @Override
        public int portCount() {
            return recipe.portCount();
        }

        @Override
        public void close() {
            for (ServerSocket socket : stolen) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
