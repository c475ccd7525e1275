package dev.millrace.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A node with the settings of a quick start.
 *
 * @param options what the user has chosen
 * @param javaHome of the server
 * @param seedPort at which another node listens to nodes of its cluster; 0 for a node that is its own seed
 */
record CassandraRecipe(ServerOptions options, JavaHome javaHome, int seedPort) implements ServerRecipe {
    /** By preference. Cassandra also runs on 11, but the launcher does not. */
    private static final List<Integer> JAVA_VERSIONS = List.of(17, 21);

    /** Which of its ports is for other nodes. */
    static final int NODES = 1;

    private static final String KIND = "cassandra";
    private static final int SECURITY_MANAGER_REFUSED_SINCE = 18;

    private static final String LOGBACK = """
            <configuration>
              <appender name="STDERR" class="ch.qos.logback.core.ConsoleAppender">
                <target>System.err</target>
                <encoder>
                  <pattern>%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level [%thread] %logger{0} - %msg%n</pattern>
                </encoder>
              </appender>
              <root level="INFO">
                <appender-ref ref="STDERR"/>
              </root>
            </configuration>
            """;

    static CassandraRecipe of(ServerOptions options, JavaSearch search, int seedPort) {
        Optional<JavaHome> named = Optional.ofNullable(options.javaHome()).map(JavaHome::named);
        return new CassandraRecipe(
                options,
                named.or(() -> search.find(JAVA_VERSIONS))
                        .orElseThrow(() -> new ServerStartException("Cassandra " + options.version()
                                + " needs a Java 17 or 21, and this machine has none that could be found. Install a JDK 17"
                                + " and set JAVA_HOME_17 to it, or " + ExternalServer.hint(KIND))),
                seedPort);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String title() {
        return "Cassandra " + options.version();
    }

    @Override
    public List<String> artifacts() {
        return List.of("org.apache.cassandra:cassandra-all:" + options.version());
    }

    @Override
    public int portCount() {
        return 2;
    }

    @Override
    public Configuration configure(ServerDirectory directory, List<Integer> ports) {
        Map<String, String> yaml = defaults(directory, ports.get(0), ports.get(NODES));
        yaml.putAll(options.properties());
        Path yamlFile = directory.write("cassandra.yaml", text(yaml));
        Path logback = directory.write("logback.xml", LOGBACK);
        List<String> jvmOptions = new ArrayList<>(CassandraJvm.OPTIONS);
        if (javaHome.version() >= SECURITY_MANAGER_REFUSED_SINCE) {
            jvmOptions.add("-Djava.security.manager=allow");
        }
        jvmOptions.add("-Dcassandra.config=" + yamlFile.toUri());
        jvmOptions.add("-Dcassandra.storagedir=" + directory.subdirectory("data"));
        jvmOptions.add("-Dcassandra.triggers_dir=" + directory.subdirectory("triggers"));
        jvmOptions.add("-Dlogback.configurationFile=" + logback);
        return new Configuration(jvmOptions, List.of());
    }

    private Map<String, String> defaults(ServerDirectory directory, int clients, int nodes) {
        Map<String, String> yaml = new LinkedHashMap<>();
        yaml.put("cluster_name", "millrace");
        yaml.put("num_tokens", "1");
        yaml.put("partitioner", "org.apache.cassandra.dht.Murmur3Partitioner");
        yaml.put("endpoint_snitch", "SimpleSnitch");
        yaml.put("auto_bootstrap", "false");
        yaml.put("listen_address", "127.0.0.1");
        yaml.put("rpc_address", "127.0.0.1");
        yaml.put("storage_port", Integer.toString(nodes));
        yaml.put("native_transport_port", Integer.toString(clients));
        yaml.put(
                "seed_provider",
                "[{class_name: org.apache.cassandra.locator.SimpleSeedProvider," + " parameters: [{seeds: '127.0.0.1:"
                        + (seedPort == 0 ? nodes : seedPort) + "'}]}]");
        yaml.put("data_file_directories", "[" + quoted(directory, "data/data") + "]");
        yaml.put("commitlog_directory", quoted(directory, "data/commitlog"));
        yaml.put("hints_directory", quoted(directory, "data/hints"));
        yaml.put("saved_caches_directory", quoted(directory, "data/saved_caches"));
        yaml.put("cdc_raw_directory", quoted(directory, "data/cdc_raw"));
        yaml.put("commitlog_sync", "batch");
        yaml.put("auto_snapshot", "false");
        return yaml;
    }

    private static String quoted(ServerDirectory directory, String name) {
        return "'" + directory.path().resolve(name).toString().replace("'", "''") + "'";
    }

    private static String text(Map<String, String> yaml) {
        return yaml.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
