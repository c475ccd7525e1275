package dev.millrace.testkit;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** A broker and controller in one process, with replication factors of one. */
record KafkaRecipe(ServerOptions options, JavaHome javaHome) implements ServerRecipe {
    /** Kafka brings no binding of slf4j. Named first, so that the API of its own version is taken with it. */
    private static final String LOGGING = "org.slf4j:slf4j-simple:1.7.36";

    static KafkaRecipe of(ServerOptions options) {
        Optional<JavaHome> named = Optional.ofNullable(options.javaHome()).map(JavaHome::named);
        return new KafkaRecipe(options, named.orElseGet(JavaHome::current));
    }

    @Override
    public String kind() {
        return "kafka";
    }

    @Override
    public String title() {
        return "Kafka " + options.version();
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
        return new Configuration(jvmOptions, List.of(file));
    }

    private static Map<String, String> defaults(ServerDirectory directory, int clients, int controllers) {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("process.roles", "broker,controller");
        defaults.put("node.id", "1");
        defaults.put("listeners", "CLIENT://127.0.0.1:" + clients + ",CONTROLLER://127.0.0.1:" + controllers);
        defaults.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        defaults.put("inter.broker.listener.name", "CLIENT");
        defaults.put("controller.listener.names", "CONTROLLER");
        defaults.put("controller.quorum.voters", "1@127.0.0.1:" + controllers);
        defaults.put("log.dirs", directory.subdirectory("data").toString());
        defaults.put("auto.create.topics.enable", "false");
        defaults.put("group.initial.rebalance.delay.ms", "0");
        // Records of tests often have old timestamps, with which they would be gone half a minute after the start.
        defaults.put("log.retention.hours", "-1");
        defaults.put("offsets.topic.replication.factor", "1");
        defaults.put("offsets.topic.num.partitions", "4");
        defaults.put("transaction.state.log.replication.factor", "1");
        defaults.put("transaction.state.log.min.isr", "1");
        defaults.put("transaction.state.log.num.partitions", "4");
        defaults.put("share.coordinator.state.topic.replication.factor", "1");
        defaults.put("share.coordinator.state.topic.min.isr", "1");
        defaults.put("share.coordinator.state.topic.num.partitions", "4");
        // A killed broker may register again only after the session of its former self.
        defaults.put("broker.session.timeout.ms", "3000");
        defaults.put("broker.heartbeat.interval.ms", "300");
        return defaults;
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
