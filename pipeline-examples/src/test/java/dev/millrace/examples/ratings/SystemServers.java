package dev.millrace.examples.ratings;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.millrace.examples.Servers;
import dev.millrace.examples.TestServers;
import dev.millrace.testkit.CassandraServer;
import dev.millrace.testkit.KafkaServer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;

/** What the system tests do to their servers besides running the examples. */
final class SystemServers {

    private static final int PATIENCE_SECONDS = 300;

    private SystemServers() {}

    /** Topics and tables as new, and no group that remembers the old ones. */
    static void clear(KafkaServer kafka, CassandraServer cassandra) throws Exception {
        TestServers.clear(kafka);
        try (CqlSession session = TestServers.session(cassandra)) {
            session.execute("DROP KEYSPACE IF EXISTS netflix");
        }
        try (Servers servers = TestServers.servers(kafka, cassandra)) {
            RatingsSchema.create(servers);
        }
    }

    static Admin admin(KafkaServer kafka) {
        return TestServers.patientAdmin(kafka);
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
