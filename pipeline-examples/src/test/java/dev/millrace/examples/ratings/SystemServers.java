package dev.millrace.examples.ratings;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.millrace.examples.ServerOptions;
import dev.millrace.examples.Servers;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.KafkaServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;

/** What the system tests do to their servers besides running the examples. */
final class SystemServers {

    private static final int PATIENCE_SECONDS = 60;

    private SystemServers() {}

    static List<String> options(KafkaServer kafka, CassandraServer cassandra) {
        return List.of("--kafka", kafka.bootstrapServers(), "--cassandra", address(cassandra));
    }

    static String address(CassandraServer cassandra) {
        return cassandra.contactPoint().getHostString() + ":"
                + cassandra.contactPoint().getPort();
    }

    /** Topics and tables as new, and no group that remembers the old ones. */
    static void clear(KafkaServer kafka, CassandraServer cassandra) throws Exception {
        try (Admin admin = admin(kafka)) {
            Set<String> topics = admin.listTopics().names().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            admin.deleteTopics(topics).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            List<String> groups = admin.listGroups().all().get(PATIENCE_SECONDS, TimeUnit.SECONDS).stream()
                    .map(group -> group.groupId())
                    .toList();
            admin.deleteConsumerGroups(groups).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            while (!admin.listTopics()
                    .names()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .isEmpty()) {
                Thread.onSpinWait();
            }
        }
        try (CqlSession session = RatingsTable.session(cassandra)) {
            session.execute("DROP KEYSPACE IF EXISTS netflix");
        }
        ServerOptions options = new ServerOptions();
        options.kafka = kafka.bootstrapServers();
        options.cassandra = address(cassandra);
        try (Servers servers = Servers.start(options, line -> {})) {
            RatingsSchema.create(servers);
        }
    }

    static Admin admin(KafkaServer kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    /** How many records of the topic the group has not committed. */
    static long lag(Admin admin, String group, String topic, long sent) throws Exception {
        long committed = admin
                .listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()))
                .partitionsToOffsetAndMetadata(group)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey().topic().equals(topic) && entry.getValue() != null)
                .mapToLong(entry -> entry.getValue().offset())
                .sum();
        return sent - committed;
    }
}
