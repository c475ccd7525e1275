package dev.millrace.testkit.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** Runs a Kafka broker and controller in this JVM; by reflection, since Kafka is on the child's class path only. */
final class KafkaLauncher {
    private KafkaLauncher() {}

    /** Returns once the broker is unfenced and takes requests. */
    static void start(String[] args) throws Exception {
        Path propertiesFile = Path.of(args[0]);
        Properties properties = read(propertiesFile);
        if (!Files.exists(Path.of(properties.getProperty("log.dirs"), "meta.properties"))) {
            format(propertiesFile, args[1]);
        }
        Object config = Class.forName("kafka.server.KafkaConfig")
                .getMethod("fromProps", Properties.class, boolean.class)
                .invoke(null, properties, false);
        Class<?> time = Class.forName("org.apache.kafka.common.utils.Time");
        Object server = Class.forName("kafka.server.KafkaRaftServer")
                .getConstructor(config.getClass(), time)
                .newInstance(config, time.getField("SYSTEM").get(null));
        Method shutdown = server.getClass().getMethod("shutdown");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> invoke(shutdown, server), "kafka-shutdown"));
        server.getClass().getMethod("startup").invoke(server);
    }

    private static void format(Path propertiesFile, String clusterId) throws ReflectiveOperationException {
        String[] args = {"format", "--config", propertiesFile.toString(), "--cluster-id", clusterId};
        Object status = Class.forName("kafka.tools.StorageTool")
                .getMethod("execute", String[].class, PrintStream.class)
                .invoke(null, args, System.err);
        if (!status.equals(0)) {
            throw new IllegalStateException("Kafka's storage could not be formatted: status " + status);
        }
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }

    private static void invoke(Method method, Object target) {
        try {
            method.invoke(target);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
