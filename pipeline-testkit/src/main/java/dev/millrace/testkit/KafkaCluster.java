package dev.millrace.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Several real Kafka brokers that hold each other's copies, each with a controller in a JVM of its own.
 *
 * <pre>{@code
 * try (KafkaCluster cluster = KafkaCluster.start()) {
 *     consume(cluster.bootstrapServers());
 *     cluster.broker(2).kill();
 *     ...
 *     cluster.broker(2).restart();
 * }
 * }</pre>
 *
 * <p>Of three brokers any one may be stopped, killed or paused, and what is left goes on: topics, internal ones too,
 * have three copies by default, of which two must be in sync. Leaders of a broker that was killed move after about 3
 * seconds. While most brokers are gone the controllers decide nothing, and a broker that is started waits for others:
 * {@link #restart} brings all back at once.
 *
 * <p>Brokers are otherwise as {@link KafkaServer} has them. The setting {@code millrace.kafka} is of no effect, since a
 * test that asks for a cluster is about brokers of its own.
 *
 * <p>This class is thread-safe.
 */
public final class KafkaCluster implements AutoCloseable {
    private final List<KafkaServer> brokers;

    KafkaCluster(List<KafkaServer> brokers) {
        this.brokers = List.copyOf(brokers);
    }

    /**
     * Starts three brokers with the default options and waits until they take requests.
     *
     * @throws ServerStartException if they do not come up
     */
    public static KafkaCluster start() {
        return builder().start();
    }

    /** Options of a cluster to start. */
    public static Builder builder() {
        return new Builder();
    }

    /** What clients connect to: all brokers, running or not, as {@code host:port} with commas between. */
    public String bootstrapServers() {
        return brokers.stream().map(KafkaServer::bootstrapServers).collect(Collectors.joining(","));
    }

    /** The brokers, in the order of their ids, which begin with 1. */
    public List<KafkaServer> brokers() {
        return brokers;
    }

    /**
     * One broker.
     *
     * @param id as Kafka has it
     * @throws IllegalArgumentException if there is none of that id
     */
    public KafkaServer broker(int id) {
        if (id < 1 || id > brokers.size()) {
            throw new IllegalArgumentException("id must be between 1 and " + brokers.size() + ", got " + id);
        }
        return brokers.get(id - 1);
    }

    /**
     * Starts the brokers that do not run, at once, with the same ports and data, and waits until they are ready. Does
     * nothing to the others.
     *
     * @throws ServerStartException if one does not come up
     * @throws IllegalStateException if the cluster is closed
     */
    public void restart() {
        List<Runnable> missing = brokers.stream()
                .filter(broker -> !broker.isRunning())
                .<Runnable>map(broker -> broker::restart)
                .toList();
        if (!missing.isEmpty()) {
            AtOnce.run(missing);
        }
    }

    /**
     * Closes all brokers, as {@link KafkaServer#close} has it. Closing again does nothing.
     *
     * @throws RuntimeException of the first broker that cannot be closed, once all others are
     */
    @Override
    public void close() {
        RuntimeException first = null;
        for (KafkaServer broker : brokers) {
            try {
                if (!mostAnswer()) {
                    // It would wait for controllers that are gone; what it has written is safe nevertheless.
                    broker.kill();
                }
                broker.close();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private boolean mostAnswer() {
        long answering = brokers.stream()
                .filter(broker -> broker.isRunning() && !broker.isPaused())
                .count();
        return answering > brokers.size() / 2;
    }

    @Override
    public String toString() {
        return "KafkaCluster[" + bootstrapServers() + "]";
    }

    /**
     * Options of a cluster; by default three brokers of version 4.3.1, each with a heap of 256 MB. {@link #property}
     * takes properties of all brokers, {@link #startTimeout} is for all of them together, and {@link #dataDirectory}
     * has a directory in it for each, such as {@code broker-1}.
     */
    public static final class Builder extends ServerBuilder<KafkaCluster, Builder> {
        private static final int HEAP_MEGABYTES = 256;
        private static final int BROKERS = 3;

        private int brokers = BROKERS;

        private Builder() {
            super(KafkaServer.Builder.VERSION, HEAP_MEGABYTES, ownProperties());
        }

        private static Set<String> ownProperties() {
            Set<String> properties = new HashSet<>(KafkaServer.Builder.OWN_PROPERTIES);
            properties.add("advertised.listeners");
            return properties;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * How many brokers; most of them have to run for the cluster to work, so that three can spare one, five two.
         *
         * @throws IllegalArgumentException if {@code count} is not positive
         */
        public Builder brokers(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("brokers must be positive, got " + count);
            }
            brokers = count;
            return this;
        }

        /**
         * The port of the first broker; the others have the ports after it, which {@link #start} refuses if there are
         * not so many. By default free ones.
         *
         * @throws IllegalArgumentException if {@code port} is not between 1 and 65535
         */
        @Override
        public Builder port(int port) {
            return super.port(port);
        }

        @Override
        public KafkaCluster start() {
            ServerOptions options = options();
            if (options.port() > HIGHEST_PORT - brokers + 1) {
                throw new IllegalArgumentException("port of the first of " + brokers + " brokers must be at most "
                        + (HIGHEST_PORT - brokers + 1) + ", got " + options.port());
            }
            return new KafkaCluster(new ClusterStart(options, brokers)
                    .run().stream().map(KafkaServer::of).toList());
        }
    }
}
