package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesIT {

    private static final String COLUMNS = "part text, n int, value text, PRIMARY KEY ((part), n)";

    private static final int SERVERS_WARNING = 5 * 1_024;

    private final Cassandra cassandra = TestNode.cassandra();

    record Line(String part, int n, String value) {}

    private static Line[] lines(int count, int partitions, int length) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Line("p" + i % partitions, i, "x".repeat(length)))
                .toArray(Line[]::new);
    }

    private static long count(String table) {
        return TestNode.session().execute("SELECT count(*) FROM " + table).one().getLong(0);
    }

    @Test
    void shouldWriteAllWhenAPartitionGetsFarMoreThanABatchHolds() throws Exception {
        String table = TestNode.table(COLUMNS);

        Writing.write(cassandra.sink(table, Line.class), lines(200, 1, 1_024));

        assertThat(count(table)).isEqualTo(200);
    }

    @Test
    void shouldWriteARowAloneWhenItIsLargerThanABatch() throws Exception {
        String table = TestNode.table(COLUMNS);

        Writing.write(
                cassandra.sink(table, Line.class), new Line("a", 1, "x".repeat(100_000)), new Line("a", 2, "small"));

        assertThat(count(table)).isEqualTo(2);
    }

    @Test
    void shouldSayWhenARowIsTooLargeForTheServer() throws Exception {
        String table = TestNode.table(COLUMNS);

        Map<Integer, Throwable> failures = Writing.failures(
                cassandra.sink(table, Line.class), new Line("a", 1, "x".repeat(20_000_000)), new Line("a", 2, "small"));

        assertThat(failures).containsOnlyKeys(0);
        assertThat(failures.get(0)).isInstanceOf(RefusedRecordException.class);
    }

    record Wide(
            String part,
            int n,
            String text,
            Integer number,
            Set<Integer> numbers,
            List<String> names,
            Map<Integer, Integer> map) {}

    private static Wide wide(int n, Random random) {
        return new Wide(
                "p" + n % 10,
                n,
                random.nextBoolean() ? null : "y".repeat(random.nextInt(600)),
                random.nextBoolean() ? null : n,
                random.ints(random.nextInt(40)).boxed().collect(Collectors.toSet()),
                random.ints(random.nextInt(20)).mapToObj(Integer::toString).toList(),
                random.nextBoolean() ? null : Map.of(n, n, -1, 1));
    }

    /** Servers weigh batches over several partitions, some those within one too. */
    @Test
    void shouldNotUnderestimateRowsWhateverTheyHold() {
        String table = TestNode.table("part text, n int, text text, number int, numbers set<int>, names list<text>,"
                + " map map<int, int>, PRIMARY KEY ((part), n)");
        Random random = new Random(5);
        try (CqlSession session = TestNode.session(TestNode.server())) {
            RowEncoder<Wide> encoder = TestRows.encoder(session, table, Wide.class);
            for (int round = 0; round < 100; round++) {
                assertThat(warnings(session, encoder, SERVERS_WARNING, random)).isEmpty();
            }
            // So that silence proves something.
            assertThat(warnings(session, encoder, SERVERS_WARNING * 3, random))
                    .anyMatch(text -> text.startsWith("Batch for"));
        }
    }

    private static List<String> warnings(CqlSession session, RowEncoder<Wide> encoder, int bytes, Random random) {
        List<BatchableStatement<?>> statements = new ArrayList<>();
        int sum = 0;
        for (int n = 0; ; n++) {
            Row row = encoder.encode(new PendingWrite(1), n, wide(n, random), 1);
            sum += row.bytes();
            if (sum > bytes) {
                return session.execute(BatchStatement.newInstance(DefaultBatchType.UNLOGGED, statements))
                        .getExecutionInfo()
                        .getWarnings();
            }
            statements.add(row.statement().get());
        }
    }

    record Composite(double value, String second, int last, long first) {}

    @Test
    void shouldKnowPartitionsAsTheServerDoesInWhicheverOrderTheComponentsAre() {
        String composite = TestNode.table(
                "first bigint, second text, last int, value double," + " PRIMARY KEY ((first, second, last), value)");
        String single = TestNode.table(COLUMNS);
        try (CqlSession session = TestNode.session(TestNode.server())) {
            Row ofMany = TestRows.encoder(session, composite, Composite.class)
                    .encode(new PendingWrite(1), 0, new Composite(1.5, "two", 3, 1L), 1);
            Row ofOne = TestRows.encoder(session, single, Line.class)
                    .encode(new PendingWrite(1), 0, new Line("a", 1, "x"), 1);

            assertThat(ofMany.partitionKey()).isEqualTo(ofMany.statement().get().getRoutingKey());
            assertThat(ofOne.partitionKey()).isEqualTo(ofOne.statement().get().getRoutingKey());
        }
    }

    @Test
    void shouldRefuseOnlyTheRowToBlameWhenTheServerRefusesAValue() throws Exception {
        String table = TestNode.table(COLUMNS);
        TestNode.session().execute("CREATE INDEX ON " + table + " (value)");
        Line[] lines = lines(40, 2, 20);
        // An indexed value has a limit of its own that only the server knows.
        lines[17] = new Line("p1", 17, "x".repeat(70_000));
        lines[18] = new Line("p0", 18, "fine");

        Map<Integer, Throwable> failures =
                Writing.failures(cassandra.sink(table, Line.class).batchBytes(200_000), lines);

        assertThat(failures).containsOnlyKeys(17);
        assertThat(failures.get(17))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage("Cassandra refused a row of table " + table)
                .hasCauseInstanceOf(InvalidQueryException.class);
        assertThat(count(table)).isEqualTo(39);
    }
}
