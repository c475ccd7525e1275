package dev.millrace.examples;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.kafka.Kafka;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.KafkaServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Kafka and Cassandra for an example: those that its options name, and for the rest servers of its own. */
public final class Servers implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 20;
    /** Of a server that is known to be there, but may have a busy machine. */
    private static final int PATIENCE_WITH_OWN_SECONDS = 120;

    private static final Pattern ADDRESS = Pattern.compile("(.+):(\\d{1,5})");

    private final ServerOptions options;
    private final Consumer<String> progress;
    private final ArrayDeque<AutoCloseable> own = new ArrayDeque<>();
    private boolean isClosed;
    private String kafkaAddress = "";
    private @Nullable String cassandraAddress;

    private Servers(ServerOptions options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * Starts what the options do not name, both at once. Blocks until all are up, some twenty seconds; a thread that is
     * interrupted meanwhile leaves none behind.
     */
    public static Servers start(ServerOptions options, Consumer<String> progress) throws Exception {
        Servers servers = new Servers(options, progress);
        FutureTask<String> cassandra = new FutureTask<>(servers::startCassandra);
        Thread starting = new Thread(cassandra, "start-cassandra");
        starting.setDaemon(true);
        starting.start();
        try {
            servers.startKafka();
            servers.cassandraAddress = cassandra.get();
        } catch (Throwable failure) {
            starting.interrupt();
            servers.close();
            if (failure instanceof ExecutionException && failure.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failure;
        }
        return servers;
    }

    /** Starts Kafka alone, unless there is an address of a running one. */
    public static Servers startKafka(@Nullable String address, Consumer<String> progress) throws Exception {
        ServerOptions options = new ServerOptions();
        options.kafka = address;
        Servers servers = new Servers(options, progress);
        try {
            servers.startKafka();
        } catch (Throwable failure) {
            servers.close();
            throw failure;
        }
        return servers;
    }

    private void startKafka() throws Exception {
        if (options.kafka != null) {
            addressOf(options.kafka);
            kafkaAddress = options.kafka;
            return;
        }
        progress.accept("Starting Kafka");
        KafkaServer server = KafkaServer.builder().progress(progress).start();
        own(server);
        kafkaAddress = server.bootstrapServers();
    }

    private String startCassandra() throws Exception {
        if (options.cassandra != null) {
            addressOf(options.cassandra);
            return options.cassandra;
        }
        progress.accept("Starting Cassandra");
        CassandraServer server = CassandraServer.builder().progress(progress).start();
        own(server);
        return server.contactPoint().getHostString() + ":"
                + server.contactPoint().getPort();
    }

    /** One that is up only after the others were given up is stopped at once. */
    private void own(AutoCloseable server) throws Exception {
        synchronized (own) {
            if (!isClosed) {
                own.push(server);
                return;
            }
        }
        server.close();
    }

    /** Kafka, as pipelines use it. */
    public Kafka kafka() {
        return Kafka.at(kafkaAddress);
    }

    /**
     * Cassandra, as pipelines use it.
     *
     * @throws IllegalStateException if Kafka alone was started
     */
    public Cassandra cassandra() {
        Cassandra cassandra = Cassandra.at(cassandraAddress());
        return options.datacenter == null ? cassandra : cassandra.datacenter(options.datacenter);
    }

    private String cassandraAddress() {
        if (cassandraAddress == null) {
            throw new IllegalStateException("there is Kafka alone");
        }
        return cassandraAddress;
    }

    /** Where they are, for people who want to look in with tools of their own. */
    public String addresses() {
        return "Kafka " + kafkaAddress + (cassandraAddress == null ? "" : ", Cassandra " + cassandraAddress);
    }

    /** Creates a topic unless it exists. */
    public void createTopic(String name, int partitions) throws Exception {
        createTopic(name, partitions, Map.of());
    }

    /** Creates a topic with settings of its own; one that exists must have them. */
    public void createTopic(String name, int partitions, Map<String, String> settings) throws Exception {
        topics().create(name, partitions, settings);
    }

    /** Refuses a topic that has more partitions, or fewer. */
    public void requirePartitions(String topic, int count) throws Exception {
        topics().requirePartitions(topic, count);
    }

    /** The offset of the next record of a topic, which must have one partition. */
    public long endOf(String topic) throws Exception {
        return topics().endOf(topic);
    }

    private KafkaTopics topics() {
        return new KafkaTopics(kafkaAddress, options.kafka == null ? PATIENCE_WITH_OWN_SECONDS : PATIENCE_SECONDS);
    }

    /** Makes statements, such as those that create a keyspace and its tables. */
    public void execute(String... statements) {
        tables().execute(statements);
    }

    /** Makes a statement with values where it has question marks. */
    public void insert(String statement, Object... values) {
        tables().insert(statement, values);
    }

    /** What a query answers: the columns of each row by name. */
    public List<Map<String, @Nullable Object>> query(String query) {
        return tables().query(query);
    }

    private CassandraTables tables() {
        return new CassandraTables(
                addressOf(cassandraAddress()), options.datacenter, Duration.ofSeconds(PATIENCE_SECONDS));
    }

    private static InetSocketAddress addressOf(String text) {
        Matcher parts = ADDRESS.matcher(text);
        if (!parts.matches()) {
            throw new ExampleException("an address must be HOST:PORT, got '" + text + "'");
        }
        return new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2)));
    }

    /** Stops the servers that were started for this. */
    @Override
    public void close() throws Exception {
        while (true) {
            AutoCloseable server;
            synchronized (own) {
                isClosed = true;
                server = own.poll();
            }
            if (server == null) {
                return;
            }
            server.close();
        }
    }
}
