package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a cluster ends, over brokers that note what is done to them; {@link KafkaClusterIT} has real ones. */
class KafkaClusterTest {
    private final List<String> done = new ArrayList<>();

    private final List<Broker> brokers =
            IntStream.rangeClosed(1, 3).mapToObj(Broker::new).toList();

    private KafkaCluster cluster() {
        return new KafkaCluster(brokers.stream()
                .map(broker -> new KafkaServer(broker, "localhost:" + broker.id))
                .toList());
    }

    @Test
    void shouldCloseInGoodOrderWhileMostBrokersAnswer() {
        cluster().close();

        assertThat(done).containsExactly("close 1", "close 2", "kill 3", "close 3");
    }

    @Test
    void shouldKillWhatIsLeftWhenMostBrokersAreGoneOrPaused() {
        brokers.get(0).isRunning = false;
        brokers.get(1).isPaused = true;

        cluster().close();

        assertThat(done).containsExactly("kill 1", "close 1", "kill 2", "close 2", "kill 3", "close 3");
    }

    @Test
    void shouldCloseAllAndTellOfTheFirstFailureWhenSomeCannotBeClosed() {
        brokers.get(0).cannotBeClosed = true;
        brokers.get(2).cannotBeClosed = true;

        assertThatThrownBy(() -> cluster().close())
                .hasMessage("cannot close 1")
                .hasSuppressedException(new IllegalStateException("cannot close 3"));

        assertThat(done).contains("close 1", "close 2", "close 3");
    }

    private final class Broker implements ServerLifecycle {
        private final int id;
        private boolean isRunning = true;
        private boolean isPaused;
        private boolean cannotBeClosed;

        Broker(int id) {
            this.id = id;
        }

        @Override
        public void kill() {
            done.add("kill " + id);
            isRunning = false;
        }

        @Override
        public void close() {
            done.add("close " + id);
            isRunning = false;
            if (cannotBeClosed) {
                throw new IllegalStateException("cannot close " + id);
            }
        }

        @Override
        public boolean isRunning() {
            return isRunning;
        }

        @Override
        public boolean isPaused() {
            return isPaused;
        }

        @Override
        public boolean isExternal() {
            return false;
        }

        @Override
        public long pid() {
            return id;
        }

        @Override
        public Path directory() {
            return Path.of("broker-" + id);
        }

        @Override
        public Path log() {
            return directory().resolve("server.log");
        }

        @Override
        public void keepDirectory() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void stop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void pause() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void resume() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void restart() {
            throw new UnsupportedOperationException();
        }
    }
}
