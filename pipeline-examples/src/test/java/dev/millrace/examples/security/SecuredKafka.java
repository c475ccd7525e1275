package dev.millrace.examples.security;

import dev.millrace.examples.TestServers;
import dev.millrace.examples.guide.Patiently;
import dev.millrace.kafka.Kafka;
import dev.millrace.testkit.KafkaServer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.junit.jupiter.api.Assumptions;

/** A broker that asks for passwords, and allows its users what they have been given the right to and nothing else. */
final class SecuredKafka implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 300;

    private final KafkaServer server;
    private final Map<String, String> access;

    private SecuredKafka(KafkaServer server, Map<String, String> access) {
        this.server = server;
        this.access = access;
    }

    static SecuredKafka start(String administratorsPassword) {
        String plain = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\" password=\""
                + administratorsPassword + "\"";
        KafkaServer server = KafkaServer.builder()
                .property("listener.security.protocol.map", "CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT")
                .property("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512")
                .property("sasl.mechanism.inter.broker.protocol", "PLAIN")
                .property(
                        "listener.name.client.plain.sasl.jaas.config",
                        plain + " user_admin=\"" + administratorsPassword + "\";")
                .property(
                        "listener.name.client.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;")
                .property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .property("super.users", "User:admin;User:ANONYMOUS")
                .start();
        Assumptions.assumeFalse(server.isExternal(), "only a broker of our own asks for these passwords");
        return new SecuredKafka(
                server,
                Map.of(
                        "bootstrap.servers",
                        server.bootstrapServers(),
                        "security.protocol",
                        "SASL_PLAINTEXT",
                        "sasl.mechanism",
                        "PLAIN",
                        "sasl.jaas.config",
                        plain + ";"));
    }

    Kafka as(String user, String password) {
        return Kafka.at(server.bootstrapServers())
                .with("security.protocol", "SASL_PLAINTEXT")
                .with("sasl.mechanism", "SCRAM-SHA-512")
                .with(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user
                                + "\" password=\"" + password + "\";");
    }

    Kafka asAdministrator() {
        Map<String, String> login = new HashMap<>(access);
        String servers = login.remove("bootstrap.servers");
        return Kafka.at(servers).with(login);
    }

    /** What a plain client of the administrator needs. */
    Map<String, String> access() {
        return access;
    }

    void createTopics(NewTopic... topics) throws Exception {
        Patiently.createTopics(access, List.of(topics));
    }

    List<ConsumerRecord<String, String>> records(String topic) {
        return TestServers.records(access, topic);
    }

    void user(String name, String password) throws Exception {
        ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4_096);
        try (Admin admin = TestServers.patientAdmin(access)) {
            answer(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(name, info, password)))
                    .all());
            TestServers.await(() -> isKnown(admin, name));
        }
    }

    private static boolean isKnown(Admin admin, String user) {
        return unchecked(() -> answer(admin.describeUserScramCredentials().users()))
                .contains(user);
    }

    /** Counts from when this returns. */
    void grant(Collection<AclBinding> rights) throws Exception {
        try (Admin admin = TestServers.patientAdmin(access)) {
            answer(admin.createAcls(rights).all());
            for (AclBinding right : rights) {
                TestServers.await(() -> isGranted(admin, right));
            }
        }
    }

    /** Counts from when this returns. */
    void revoke(AclBinding right) throws Exception {
        try (Admin admin = TestServers.patientAdmin(access)) {
            answer(admin.deleteAcls(List.of(right.toFilter())).all());
            TestServers.await(() -> !isGranted(admin, right));
        }
    }

    private static boolean isGranted(Admin admin, AclBinding right) {
        return unchecked(() -> answer(admin.describeAcls(right.toFilter()).values()))
                .contains(right);
    }

    /** How far a group has committed a topic of one partition; 0 if it has not. */
    long committed(String group, String topic) throws Exception {
        try (Admin admin = TestServers.patientAdmin(access)) {
            var offset = answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .get(new TopicPartition(topic, 0));
            return offset == null ? 0 : offset.offset();
        }
    }

    private static <T> T answer(KafkaFuture<T> future) throws Exception {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static <T> T unchecked(Callable<T> question) {
        try {
            return question.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
