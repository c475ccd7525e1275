package dev.millrace.faults;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.millrace.faults.EventRow.Region;
import dev.millrace.testkit.CassandraServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Topics, tables, group, journals and load of one test; nothing is shared with another test but the servers. */
final class Scene implements AutoCloseable {

    static final int PARTITIONS = 6;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Path directory;
    private final Settings settings;
    private final Load load;
    private final Oracle oracle;
    private final long seed;
    private int children;

    /** With the share of the events that are poisoned. */
    Scene(double poison) throws Exception {
        this(poison, Servers.kafka().bootstrapServers(), Servers.admin());
    }

    /** On other brokers than the shared one. */
    Scene(double poison, String bootstrapServers, Admin admin) throws Exception {
        this(poison, bootstrapServers, admin, Scene::topic);
    }

    /** With the topic of the events made up by name. */
    Scene(double poison, String bootstrapServers, Admin admin, Function<String, NewTopic> topic) throws Exception {
        this(poison, bootstrapServers, admin, topic, Servers.cassandra(), Servers.session());
    }

    /** On another node than the shared one. */
    Scene(double poison, CassandraServer cassandra, CqlSession session) throws Exception {
        this(poison, Servers.kafka().bootstrapServers(), Servers.admin(), cassandra, session);
    }

    /** On servers of its own. */
    Scene(double poison, String bootstrapServers, Admin admin, CassandraServer cassandra, CqlSession session)
            throws Exception {
        this(poison, bootstrapServers, admin, Scene::topic, cassandra, session);
    }

    private Scene(
            double poison,
            String bootstrapServers,
            Admin admin,
            Function<String, NewTopic> topic,
            CassandraServer cassandra,
            CqlSession session)
            throws Exception {
        seed = Long.getLong("millrace.seed", System.nanoTime());
        System.out.println("seed " + seed + "; -Dmillrace.seed=" + seed + " draws the same again");
        String name = "t" + NUMBERS.incrementAndGet();
        directory = Files.createTempDirectory("faults");
        Path regions = Files.write(directory.resolve("regions.csv"), regions());
        settings = Settings.parse(
                "kafka=" + bootstrapServers,
                "cassandra=" + Servers.address(cassandra),
                "topic=" + name,
                "deadLetters=" + name + "-dlq",
                "table=" + name,
                "group=" + name,
                "regions=" + regions);
        createTopics(admin, topic.apply(name), new NewTopic(name + "-dlq", Optional.of(1), Optional.empty()));
        createTables(session, name);
        load = new Load(bootstrapServers, name, seed, poison);
        oracle = new Oracle(admin, bootstrapServers, session, load, name);
    }

    private static List<String> regions() {
        Stream<String> lines = IntStream.range(0, Load.KEYS)
                .mapToObj(key -> Region.of("k" + key))
                .flatMap(Optional::stream)
                .map(region -> region.key() + ',' + region.name());
        return Stream.concat(Stream.of("key,name"), lines).toList();
    }

    /** With as many copies as the brokers make. */
    private static NewTopic topic(String name) {
        return new NewTopic(name, Optional.of(PARTITIONS), Optional.empty());
    }

    private static void createTopics(Admin admin, NewTopic... topics) throws Exception {
        admin.createTopics(List.of(topics)).all().get(1, TimeUnit.MINUTES);
    }

    private static void createTables(CqlSession session, String name) {
        session.execute("DROP TABLE IF EXISTS faults." + name);
        session.execute("DROP TABLE IF EXISTS faults." + name + "_latest");
        session.execute("CREATE TABLE faults." + name
                + " (key text, seq bigint, id text, crc bigint, region text, PRIMARY KEY ((key), seq))");
        session.execute("CREATE TABLE faults." + name + "_latest (key text PRIMARY KEY, seq bigint)");
    }

    Settings settings() {
        return settings;
    }

    Load load() {
        return load;
    }

    Oracle oracle() {
        return oracle;
    }

    long seed() {
        return seed;
    }

    /** A file or a directory of its own, deleted at the end with all that is in it. */
    Path path(String name) {
        return directory.resolve(name);
    }

    /** Settings of one more process, with a journal of its own. */
    Settings next() {
        return next(settings);
    }

    Settings next(Settings like) {
        return like.with("journal", directory.resolve("journal-" + children++));
    }

    /** What all processes so far have noted, process by process. */
    List<List<Journal.Line>> journals() throws IOException {
        List<List<Journal.Line>> journals = new ArrayList<>();
        for (int i = 0; i < children; i++) {
            journals.add(Journal.read(directory.resolve("journal-" + i)));
        }
        return journals;
    }

    /** Lets a new process finish all that has been sent, stops it in good order, and judges the whole. */
    Oracle.Verdict finish(Settings like) throws Exception {
        load.stop();
        try (ChildPipeline last = ChildPipeline.start(next(like))) {
            oracle.awaitAllCommitted(Duration.ofMinutes(5), last::output);
            last.terminate();
            last.awaitExit();
        }
        return oracle.judge(journals());
    }

    @Override
    public void close() throws IOException {
        load.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
