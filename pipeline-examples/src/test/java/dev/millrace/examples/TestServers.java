package dev.millrace.examples;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What tests of the examples do to real servers without the library. */
public final class TestServers {

    private static final int PATIENCE_SECONDS = 300;

    private TestServers() {}

    /** For the command line of an example. */
    public static List<String> options(KafkaServer kafka, CassandraServer cassandra) {
        return List.of("--kafka", kafka.bootstrapServers(), "--cassandra", address(cassandra));
    }

    /** Servers as an example has them. */
    public static Servers servers(KafkaServer kafka, CassandraServer cassandra) throws Exception {
        ServerOptions options = new ServerOptions();
        options.kafka = kafka.bootstrapServers();
        options.cassandra = address(cassandra);
        return Servers.start(options, line -> {});
    }

    /** As the command line takes it. */
    public static String address(CassandraServer cassandra) {
        return cassandra.contactPoint().getHostString() + ":"
                + cassandra.contactPoint().getPort();
    }

    /** No topic, and no group that remembers one. */
    public static void clear(KafkaServer kafka) throws Exception {
        try (Admin admin = patientAdmin(kafka)) {
            Set<String> topics = admin.listTopics().names().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            admin.deleteTopics(topics).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            List<String> groups = admin.listGroups().all().get(PATIENCE_SECONDS, TimeUnit.SECONDS).stream()
                    .map(group -> group.groupId())
                    .toList();
            for (String group : groups) {
                delete(admin, group);
            }
            while (!admin.listTopics()
                    .names()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .isEmpty()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    /** A member that was killed is in its group until its session is over. */
    private static void delete(Admin admin, String group) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                admin.deleteConsumerGroups(List.of(group)).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof GroupIdNotFoundException) {
                    return;
                }
                if (!(e.getCause() instanceof GroupNotEmptyException) || System.nanoTime() > deadline) {
                    throw e;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    /** One that does not ask again because an answer took long, and then finds its own topic there already, or gone. */
    public static Admin patientAdmin(KafkaServer kafka) {
        return patientAdmin(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    /** The same, with what it takes to be let in. */
    public static Admin patientAdmin(Map<String, ?> access) {
        Map<String, Object> config = new HashMap<>(access);
        config.put("request.timeout.ms", PATIENCE_SECONDS * 1_000);
        config.put("default.api.timeout.ms", PATIENCE_SECONDS * 1_000);
        return Admin.create(config);
    }

    /** All that a topic holds, of each partition in order. */
    public static List<ConsumerRecord<String, String>> records(KafkaServer kafka, String topic) {
        return records(Map.of("bootstrap.servers", kafka.bootstrapServers()), topic);
    }

    /** The same, with what it takes to be let in. */
    public static List<ConsumerRecord<String, String>> records(Map<String, ?> access, String topic) {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(new HashMap<>(access), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
            }
            return records;
        }
    }

    /** The plain driver. */
    public static CqlSession session(CassandraServer server) {
        return patientSession(server).build();
    }

    /** A session still to be let in. */
    public static CqlSessionBuilder patientSession(CassandraServer server) {
        return CqlSession.builder()
                .addContactPoint(server.contactPoint())
                .withLocalDatacenter(server.datacenter())
                .withConfigLoader(
                        patient(DriverConfigLoader.programmaticBuilder()).build());
    }

    /** Two seconds, as the driver has it, are little for a change of schema on a busy machine. */
    public static ProgrammaticDriverConfigLoaderBuilder patient(ProgrammaticDriverConfigLoaderBuilder driver) {
        return driver.withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofMinutes(3))
                .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, Duration.ofMinutes(3))
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofMinutes(3))
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofMinutes(3));
    }

    /**
     * Whom a server that asks for passwords makes a moment after it has begun to listen; the rest of the session as
     * given.
     */
    public static CqlSession superuser(Supplier<CqlSessionBuilder> session) {
        CqlSession[] made = {null};
        await(() -> {
            try {
                made[0] = session.get()
                        .withAuthCredentials("cassandra", "cassandra")
                        .build();
                return true;
            } catch (AllNodesFailedException e) {
                return false;
            }
        });
        return made[0];
    }

    /** Waits until it holds, for minutes if need be. */
    public static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
