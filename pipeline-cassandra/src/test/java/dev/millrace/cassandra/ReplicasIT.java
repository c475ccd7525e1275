package dev.millrace.cassandra;

import static dev.millrace.cassandra.Writing.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import dev.millrace.testkit.CassandraServer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows of many partitions to two nodes that each own half of the ring. */
class ReplicasIT {

    private static final int ROWS = 1_000;
    private static final int MOST_PARTITIONS = 10;

    private static CassandraServer first;
    private static CassandraServer second;

    private final HeldRequests held = new HeldRequests();

    record Line(int part, int n, String value) {}

    @BeforeAll
    static void start() {
        first = CassandraServer.builder()
                .property("initial_token", "'-4611686018427387904'")
                .start();
        assumeFalse(first.isExternal());
        second = CassandraServer.builder()
                .joining(first)
                .property("initial_token", "'4611686018427387904'")
                .start();
        try (CqlSession session = session(true)) {
            TestNode.await("known to the first", () -> ranges(session) == 2);
        }
    }

    private static int ranges(CqlSession session) {
        return session.getMetadata()
                .getTokenMap()
                .orElseThrow()
                .getTokenRanges()
                .size();
    }

    @AfterAll
    static void stop() {
        if (second != null) {
            second.close();
        }
        first.close();
    }

    private static CqlSession session(boolean knowsTheRing) {
        return TestNode.session(
                first,
                builder -> builder.withConfigLoader(TestNode.patient(DriverConfigLoader.programmaticBuilder())
                        .withBoolean(DefaultDriverOption.METADATA_TOKEN_MAP_ENABLED, knowsTheRing)
                        .build()));
    }

    /** The replicas of the rows of each request; all rows have arrived. */
    private List<Set<Set<Node>>> replicas(CqlSession session, int copies) throws Exception {
        String keyspace = "copies" + copies;
        session.execute("CREATE KEYSPACE IF NOT EXISTS " + keyspace
                + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': " + copies + "}");
        session.execute("CREATE TABLE IF NOT EXISTS " + keyspace
                + ".lines (part int, n int, value text, PRIMARY KEY ((part), n))");
        session.execute("TRUNCATE " + keyspace + ".lines");
        List<Line> lines = IntStream.range(0, ROWS)
                .mapToObj(i -> new Line(i % 400, i, "line " + i))
                .toList();
        try (CassandraWriter<Line> writer = held.writer(session, keyspace + ".lines", Line.class, 5_000)) {
            CompletableFuture<?> written =
                    writer.write(records(1_000_000, lines)).toCompletableFuture();
            held.letThrough();
            written.get(5, TimeUnit.MINUTES);
        }
        // One node has acknowledged each row, and the other may have it later.
        SimpleStatement count = SimpleStatement.newInstance("SELECT count(*) FROM " + keyspace + ".lines")
                .setConsistencyLevel(ConsistencyLevel.ALL);
        assertThat(session.execute(count).one().getLong(0)).isEqualTo(ROWS);
        assertThat(held.warnings()).isEmpty();
        try (CqlSession knowing = session(true)) {
            return held.requests().stream()
                    .map(rows -> rows.stream()
                            .map(row -> Set.copyOf(knowing.getMetadata()
                                    .getTokenMap()
                                    .orElseThrow()
                                    .getReplicas(CqlIdentifier.fromCql(keyspace), row.partitionKey())))
                            .collect(Collectors.toSet()))
                    .toList();
        }
    }

    private List<Integer> partitionsOfEach() {
        return held.requests().stream()
                .map(rows -> new HashSet<>(rows.stream().map(Row::partitionKey).toList()).size())
                .toList();
    }

    @Test
    void shouldSendTogetherOnlyWhatOneNodeHasWhenEachRowHasOneCopy() throws Exception {
        try (CqlSession session = session(true)) {
            List<Set<Set<Node>>> replicas = replicas(session, 1);

            assertThat(replicas).allMatch(sets -> sets.size() == 1);
            assertThat(new HashSet<>(replicas)).as("both nodes").hasSize(2);
            assertThat(partitionsOfEach()).hasSizeLessThan(50).allMatch(count -> count <= MOST_PARTITIONS);
        }
    }

    @Test
    void shouldSendAnyPartitionsTogetherWhenBothNodesHaveAll() throws Exception {
        try (CqlSession session = session(true)) {
            List<Set<Set<Node>>> replicas = replicas(session, 2);

            assertThat(new HashSet<>(replicas)).hasSize(1);
            assertThat(replicas.get(0).iterator().next()).hasSize(2);
            assertThat(partitionsOfEach()).hasSizeLessThan(45).allMatch(count -> count <= MOST_PARTITIONS);
        }
    }

    @Test
    void shouldSendEachPartitionApartWhenTheSessionDoesNotKnowTheRing() throws Exception {
        try (CqlSession session = session(false)) {
            replicas(session, 1);

            assertThat(partitionsOfEach()).hasSize(400).containsOnly(1);
        }
    }
}
