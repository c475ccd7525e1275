package dev.millrace.examples;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.internal.core.loadbalancing.DcInferringLoadBalancingPolicy;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.kafka.Kafka;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.KafkaServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
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
    private String kafkaAddress = "";
    private Cassandra cassandra = Cassandra.at("localhost:9042");
    private String cassandraAddress = "";

    private Servers(ServerOptions options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Starts what the options do not name, both at once. Blocks until all are up, some twenty seconds. */
    public static Servers start(ServerOptions options, Consumer<String> progress) throws Exception {
        Servers servers = new Servers(options, progress);
        try {
            Callable<String> cassandra = servers.inBackground(servers::startCassandra);
            servers.startKafka();
            servers.cassandraAddress = cassandra.call();
        } catch (Throwable failure) {
            servers.close();
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

    private <T> Callable<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "start-server");
        thread.setDaemon(true);
        thread.start();
        return () -> {
            try {
                return task.get();
            } catch (ExecutionException failure) {
                throw failure.getCause() instanceof Exception cause ? cause : failure;
            }
        };
    }

    private void startKafka() {
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

    private String startCassandra() {
        String address = options.cassandra;
        if (address != null) {
            addressOf(address);
        } else {
            progress.accept("Starting Cassandra");
            CassandraServer server =
                    CassandraServer.builder().progress(progress).start();
            own(server);
            address = server.contactPoint().getHostString() + ":"
                    + server.contactPoint().getPort();
        }
        cassandra = options.datacenter == null
                ? Cassandra.at(address)
                : Cassandra.at(address).datacenter(options.datacenter);
        return address;
    }

    private void own(AutoCloseable server) {
        synchronized (own) {
            own.push(server);
        }
    }

    /** Kafka, as pipelines use it. */
    public Kafka kafka() {
        return Kafka.at(kafkaAddress);
    }

    /** Cassandra, as pipelines use it. */
    public Cassandra cassandra() {
        return cassandra;
    }

    /** Where they are, for people who want to look in with tools of their own. */
    public String addresses() {
        return "Kafka " + kafkaAddress + (cassandraAddress.isEmpty() ? "" : ", Cassandra " + cassandraAddress);
    }

    /** Creates a topic unless it exists. */
    public void createTopic(String name, int partitions) throws Exception {
        createTopic(name, partitions, Map.of());
    }

    /** Creates a topic with settings of its own unless it exists. */
    public void createTopic(String name, int partitions, Map<String, String> settings) throws Exception {
        int patience = options.kafka == null ? PATIENCE_WITH_OWN_SECONDS : PATIENCE_SECONDS;
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers", kafkaAddress,
                "default.api.timeout.ms", patience * 1_000,
                "request.timeout.ms", patience * 1_000))) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings)))
                    .all()
                    .get();
        } catch (ExecutionException failure) {
            if (!(failure.getCause() instanceof TopicExistsException)) {
                throw new ExampleException("no Kafka answers at " + kafkaAddress);
            }
        }
    }

    /** Runs statements, such as those that create a keyspace and its tables. */
    public void execute(String... statements) {
        try (CqlSession session = openSession()) {
            for (String statement : statements) {
                session.execute(statement);
            }
        } catch (AllNodesFailedException failure) {
            throw new ExampleException("no Cassandra answers at " + cassandraAddress);
        }
    }

    /** What a query answers: the columns of each row by name. */
    public List<Map<String, @Nullable Object>> query(String query) {
        try (CqlSession session = openSession()) {
            List<Map<String, @Nullable Object>> rows = new ArrayList<>();
            for (Row row : session.execute(query)) {
                Map<String, @Nullable Object> columns = new LinkedHashMap<>();
                row.getColumnDefinitions()
                        .forEach(column -> columns.put(column.getName().asInternal(), row.getObject(column.getName())));
                rows.add(columns);
            }
            return rows;
        }
    }

    private CqlSession openSession() {
        CqlSessionBuilder builder = CqlSession.builder()
                .addContactPoint(addressOf(cassandraAddress))
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withClass(
                                DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS, DcInferringLoadBalancingPolicy.class)
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(PATIENCE_SECONDS))
                        .build());
        return options.datacenter == null
                ? builder.build()
                : builder.withLocalDatacenter(options.datacenter).build();
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
                server = own.poll();
            }
            if (server == null) {
                return;
            }
            server.close();
        }
    }
}
