package dev.millrace.testkit;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

/**
 * A real Cassandra node, a cluster of its own unless it {@linkplain Builder#joining joins} another's.
 *
 * <pre>{@code
 * try (CassandraServer cassandra = CassandraServer.start();
 *         CqlSession session = CqlSession.builder()
 *                 .addContactPoint(cassandra.contactPoint())
 *                 .withLocalDatacenter(cassandra.datacenter())
 *                 .build()) {
 *     ...
 * }
 * }</pre>
 *
 * <p>The node acknowledges a write only once it is in the commit log on disk, so that nothing acknowledged is lost by
 * {@link #kill}. It asks for no password.
 *
 * <p>Cassandra 5 does not run on Java 24 and later: a Java 17, or else 21, is looked for on the machine, first this
 * JVM's own, then those that variables such as {@code JAVA_HOME_17} and {@code JAVA_HOME} name, then those in the usual
 * folders.
 *
 * <p>With the system property {@code millrace.cassandra} or the environment variable {@code MILLRACE_CASSANDRA} set to
 * {@code host:port}, {@code start} returns that node and applies no option. Its datacenter is {@code datacenter1}, or
 * what {@code millrace.cassandra.datacenter} or {@code MILLRACE_CASSANDRA_DATACENTER} says.
 */
public final class CassandraServer extends TestServer {
    private static final String SETTING = "millrace.cassandra";
    private static final String DATACENTER_SETTING = "millrace.cassandra.datacenter";
    private static final String DATACENTER = "datacenter1";

    private final InetSocketAddress contactPoint;
    private final String datacenter;
    private final int nodesPort;

    private CassandraServer(
            ServerLifecycle lifecycle, InetSocketAddress contactPoint, String datacenter, int nodesPort) {
        super(lifecycle);
        this.contactPoint = contactPoint;
        this.datacenter = datacenter;
        this.nodesPort = nodesPort;
    }

    /**
     * Starts a node with the default options and waits until it takes requests.
     *
     * @throws ServerStartException if it does not come up, or no Java that it runs on is found
     */
    public static CassandraServer start() {
        return builder().start();
    }

    /** Options of a node to start. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where CQL clients connect. */
    public InetSocketAddress contactPoint() {
        return contactPoint;
    }

    /** The node's datacenter, which a driver asks for as the local one. */
    public String datacenter() {
        return datacenter;
    }

    @Override
    public String toString() {
        return "CassandraServer[" + contactPoint.getHostString() + ":" + contactPoint.getPort() + ", " + datacenter
                + "]";
    }

    /**
     * Options of a node; the default version is 5.0.9 and the default heap 1 GB. {@link #property} takes a top-level
     * key of {@code cassandra.yaml} and its value as YAML on one line.
     */
    public static final class Builder extends ServerBuilder<CassandraServer, Builder> {
        private static final String VERSION = "5.0.9";
        private static final int HEAP_MEGABYTES = 1024;
        private static final Set<String> OWN_PROPERTIES =
                Set.of("listen_address", "rpc_address", "storage_port", "native_transport_port", "seed_provider");

        private int seedPort;

        private Builder() {
            super(VERSION, HEAP_MEGABYTES, OWN_PROPERTIES);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Makes the node a member of the cluster of another, which must be running. It takes over a share of the ring,
         * but not what has been written there: let nodes join before anything is. The others hear of it within seconds
         * of its start.
         *
         * @throws IllegalArgumentException if the other was not started by the test kit
         */
        public Builder joining(CassandraServer other) {
            if (other.nodesPort == 0) {
                throw new IllegalArgumentException(
                        "a node cannot join " + other + ", which the test kit has not started");
            }
            seedPort = other.nodesPort;
            return this;
        }

        @Override
        public CassandraServer start() {
            Optional<String> external = ExternalServer.setting(SETTING);
            if (external.isPresent()) {
                String datacenter = ExternalServer.setting(DATACENTER_SETTING).orElse(DATACENTER);
                InetSocketAddress address = ExternalServer.address(SETTING, external.get());
                return new CassandraServer(ExternalServer.namedBy(SETTING), address, datacenter, 0);
            }
            ServerOptions options = options();
            ChildServer server =
                    ChildServer.start(CassandraRecipe.of(options, JavaSearch.ofThisMachine(), seedPort), options);
            return new CassandraServer(
                    server, Loopback.at(server.clientPort()), DATACENTER, server.port(CassandraRecipe.NODES));
        }
    }
}
