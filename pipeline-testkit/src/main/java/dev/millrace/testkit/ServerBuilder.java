package dev.millrace.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Options of a server to start; one builder can start several servers.
 *
 * <p>This class is not thread-safe.
 *
 * @param <S> the server, or a cluster of them
 * @param <B> the builder itself
 */
public abstract sealed class ServerBuilder<S extends AutoCloseable, B extends ServerBuilder<S, B>>
        permits KafkaServer.Builder, KafkaCluster.Builder, CassandraServer.Builder {
    private static final System.Logger LOGGER = System.getLogger(TestServer.class.getName());
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    static final int HIGHEST_PORT = 65_535;

    private final Set<String> ownProperties;
    private final List<String> jvmOptions = new ArrayList<>();
    private final Map<String, String> properties = new LinkedHashMap<>();
    private String version;
    private int port;
    private int heapMegabytes;
    private @Nullable Path dataDirectory;
    private boolean keepDirectory;
    private @Nullable Path javaHome;
    private Duration startTimeout = START_TIMEOUT;
    private Consumer<String> progress = line -> LOGGER.log(System.Logger.Level.INFO, line);

    ServerBuilder(String version, int heapMegabytes, Set<String> ownProperties) {
        this.version = version;
        this.heapMegabytes = heapMegabytes;
        this.ownProperties = ownProperties;
    }

    abstract B self();

    /** The server's version, as Maven Central has it. */
    public B version(String version) {
        this.version = Objects.requireNonNull(version, "version");
        return self();
    }

    /**
     * The port for clients; by default a free one.
     *
     * @throws IllegalArgumentException if {@code port} is not between 1 and 65535
     */
    public B port(int port) {
        if (port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("port must be between 1 and " + HIGHEST_PORT + ", got " + port);
        }
        this.port = port;
        return self();
    }

    /**
     * The most heap of the server's JVM, in megabytes.
     *
     * @throws IllegalArgumentException if {@code megabytes} is not positive
     */
    public B heapMegabytes(int megabytes) {
        if (megabytes < 1) {
            throw new IllegalArgumentException("heapMegabytes must be positive, got " + megabytes);
        }
        this.heapMegabytes = megabytes;
        return self();
    }

    /**
     * One more option of the server's JVM, such as {@code -XX:+UseSerialGC}. The JVM starts fast, with its first
     * compiler alone; {@code -XX:TieredStopAtLevel=4} brings the second back, for measurements.
     */
    public B jvmOption(String option) {
        jvmOptions.add(Objects.requireNonNull(option, "option"));
        return self();
    }

    /**
     * A property of the server's configuration; it replaces the test kit's own value.
     *
     * @throws IllegalArgumentException if the property is one that the test kit must set
     */
    public B property(String name, String value) {
        Objects.requireNonNull(value, "value");
        if (ownProperties.contains(name)) {
            throw new IllegalArgumentException("property '" + name + "' is set by the test kit and cannot be changed");
        }
        properties.put(name, value);
        return self();
    }

    /**
     * A directory for the server's data, configuration and log that outlives the server, created where there is none. A
     * server started in it later finds the same data and takes the same ports. By default a temporary directory.
     */
    public B dataDirectory(Path directory) {
        this.dataDirectory = directory.toAbsolutePath();
        return self();
    }

    /** Keeps a temporary directory when the server is closed. */
    public B keepDirectory() {
        this.keepDirectory = true;
        return self();
    }

    /** The Java that runs the server; by default this JVM's own, or one found on the machine if that cannot. */
    public B javaHome(Path directory) {
        this.javaHome = directory.toAbsolutePath();
        return self();
    }

    /**
     * How long the server may take until it is ready, by default two minutes. Downloading it does not count.
     *
     * @throws IllegalArgumentException if {@code timeout} is not positive
     */
    public B startTimeout(Duration timeout) {
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("startTimeout must be positive, got " + timeout);
        }
        this.startTimeout = timeout;
        return self();
    }

    /**
     * Told in one line each what a start is doing, such as downloading. By default a log line at level INFO. Called by
     * the starting thread and by download threads, one at a time.
     */
    public B progress(Consumer<String> listener) {
        this.progress = Objects.requireNonNull(listener, "listener");
        return self();
    }

    /**
     * Starts the server and waits until it takes requests. The first start of a version downloads it through Maven,
     * with the user's settings and local repository.
     *
     * @throws ServerStartException if the server cannot be found, or does not come up
     */
    public abstract S start();

    final ServerOptions options() {
        return new ServerOptions(
                version,
                port,
                heapMegabytes,
                List.copyOf(jvmOptions),
                new LinkedHashMap<>(properties),
                dataDirectory,
                keepDirectory,
                javaHome,
                startTimeout,
                progress);
    }
}
