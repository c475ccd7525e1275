package dev.millrace.testkit;

import java.util.Optional;
import java.util.Set;

/**
 * A real Kafka broker, with its controller in the same JVM.
 *
 * <pre>{@code
 * try (KafkaServer kafka = KafkaServer.start()) {
 *     consume(kafka.bootstrapServers());
 * }
 * }</pre>
 *
 * <p>Topics are not created by themselves, internal topics have few partitions, a new group waits for nobody, and both
 * group protocols are there. A broker killed with {@link #kill} is back within a few seconds of {@link #restart}.
 *
 * <p>With the system property {@code millrace.kafka} or the environment variable {@code MILLRACE_KAFKA} set to a
 * bootstrap address, {@code start} returns that cluster and applies no option.
 *
 * <p>For several brokers see {@link KafkaCluster}.
 */
public final class KafkaServer extends TestServer {
    private static final String SETTING = "millrace.kafka";

    private final String bootstrapServers;

    KafkaServer(ServerLifecycle lifecycle, String bootstrapServers) {
        super(lifecycle);
        this.bootstrapServers = bootstrapServers;
    }

    static KafkaServer of(ChildServer server) {
        return new KafkaServer(server, Loopback.HOST + ":" + server.clientPort());
    }

    /**
     * Starts a broker with the default options and waits until it takes requests.
     *
     * @throws ServerStartException if it does not come up
     */
    public static KafkaServer start() {
        return builder().start();
    }

    /** Options of a broker to start. */
    public static Builder builder() {
        return new Builder();
    }

    /** What clients connect to, as {@code host:port}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public String toString() {
        return "KafkaServer[" + bootstrapServers + "]";
    }

    /**
     * Options of a broker; the default version is 4.3.1 and the default heap 512 MB. {@link #property} takes broker
     * properties.
     *
     * <p>The clients' listener is named {@code CLIENT} and the controllers' {@code CONTROLLER}, for properties such as
     * {@code advertised.listeners} and {@code listener.security.protocol.map}.
     */
    public static final class Builder extends ServerBuilder<KafkaServer, Builder> {
        static final String VERSION = "4.3.1";
        static final Set<String> OWN_PROPERTIES = Set.of(
                "process.roles",
                "node.id",
                "listeners",
                "controller.listener.names",
                "controller.quorum.voters",
                "log.dir",
                "log.dirs");
        private static final int HEAP_MEGABYTES = 512;

        private Builder() {
            super(VERSION, HEAP_MEGABYTES, OWN_PROPERTIES);
        }

        @Override
        Builder self() {
            return this;
        }

        @Override
        public KafkaServer start() {
            Optional<String> external = ExternalServer.setting(SETTING);
            if (external.isPresent()) {
                return new KafkaServer(ExternalServer.namedBy(SETTING), external.get());
            }
            ServerOptions options = options();
            return of(ChildServer.start(KafkaRecipe.of(options), options));
        }
    }
}
