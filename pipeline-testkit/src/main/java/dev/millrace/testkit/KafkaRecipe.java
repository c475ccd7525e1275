package dev.millrace.testkit;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A broker and controller in one process, alone or as one node of a cluster of such.
 *
 * @param node its id
 * @param peers the ports of the other nodes' controllers, by their ids
 */
record KafkaRecipe(ServerOptions options, JavaHome javaHome, String clusterId, int node, Map<Integer, Integer> peers)
        implements ServerRecipe {
    /** Kafka brings no binding of slf4j. Named first, so that the API of its own version is taken with it. */
    private static final String LOGGING = "org.slf4j:slf4j-simple:1.7.36";

    private static final int MOST_COPIES = 3;

    /** One that is alone. */
    static KafkaRecipe of(ServerOptions options) {
        return of(options, newClusterId(), 1, Map.of());
    }

    static KafkaRecipe of(ServerOptions options, String clusterId, int node, Map<Integer, Integer> peers) {
        Optional<JavaHome> named = Optional.ofNullable(options.javaHome()).map(JavaHome::named);
        return new KafkaRecipe(options, named.orElseGet(JavaHome::current), clusterId, node, Map.copyOf(peers));
    }

    /** Sixteen bytes in Base64. The first character must not be a dash, which Kafka's tool takes for an option's. */
    static String newClusterId() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        bytes[0] &= 0x7f;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String kind() {
        return "kafka";
    }

    @Override
    public String title() {
        return "Kafka " + options.version() + (peers.isEmpty() ? "" : ", broker " + node);
    }

    @Override
    public List<String> artifacts() {
        return List.of(LOGGING, "org.apache.kafka:kafka_2.13:" + options.version());
    }

    @Override
    public int portCount() {
        return 2;
    }

    @Override
    public Configuration configure(ServerDirectory directory, List<Integer> ports) {
        Properties properties = new Properties();
        properties.putAll(defaults(directory, ports.get(0), ports.get(1)));
        properties.putAll(options.properties());
        String file = directory.write("server.properties", text(properties)).toString();
        List<String> jvmOptions = List.of(
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS",
                "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaConfig=warn",
                "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config.AbstractConfig=warn");
        return new Configuration(jvmOptions, List.of(file, clusterId));
    }

    private Map<String, String> defaults(ServerDirectory directory, int clients, int controllers) {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("process.roles", "broker,controller");
        defaults.put("node.id", Integer.toString(node));
        defaults.put("listeners", "CLIENT://127.0.0.1:" + clients + ",CONTROLLER://127.0.0.1:" + controllers);
        defaults.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        defaults.put("inter.broker.listener.name", "CLIENT");
        defaults.put("controller.listener.names", "CONTROLLER");
        defaults.put("controller.quorum.voters", voters(controllers));
        defaults.put("log.dirs", directory.subdirectory("data").toString());
        defaults.put("auto.create.topics.enable", "false");
        defaults.put("group.initial.rebalance.delay.ms", "0");
        // Records of tests often have old timestamps, with which they would be gone half a minute after the start.
        defaults.put("log.retention.hours", "-1");
        int copies = Math.min(peers.size() + 1, MOST_COPIES);
        int copiesInSync = Math.max(1, copies - 1);
        Map.of(
                        "default.replication.factor", copies,
                        "min.insync.replicas", copiesInSync,
                        "offsets.topic.replication.factor", copies,
                        "offsets.topic.num.partitions", 4,
                        "transaction.state.log.replication.factor", copies,
                        "transaction.state.log.min.isr", copiesInSync,
                        "transaction.state.log.num.partitions", 4,
                        "share.coordinator.state.topic.replication.factor", copies,
                        "share.coordinator.state.topic.min.isr", copiesInSync,
                        "share.coordinator.state.topic.num.partitions", 4)
                .forEach((name, value) -> defaults.put(name, value.toString()));
        if (!peers.isEmpty()) {
            // By default 128 MB of each heap, for compaction.
            defaults.put("log.cleaner.dedupe.buffer.size", "33554432");
        }
        // A killed broker may register again only after the session of its former self.
        defaults.put("broker.session.timeout.ms", "3000");
        defaults.put("broker.heartbeat.interval.ms", "300");
        return defaults;
    }

    private String voters(int ownPort) {
        Map<Integer, Integer> ports = new TreeMap<>(peers);
        ports.put(node, ownPort);
        return ports.entrySet().stream()
                .map(voter -> voter.getKey() + "@" + Loopback.HOST + ":" + voter.getValue())
                .collect(Collectors.joining(","));
    }

    private static String text(Properties properties) {
        StringWriter text = new StringWriter();
        try {
            properties.store(text, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
