package dev.millrace.cassandra;

import static dev.millrace.cassandra.Writing.records;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches that come while the only request there may be is under way, until it is let through to the server. */
class GroupingIT {

    private static final int BATCHES = 10;
    private static final int ROWS = 10;
    private static final int BATCH_BYTES = 200_000;

    private final HeldRequests held = new HeldRequests();
    private CqlSession session;
    private String table;

    record Line(String part, int n, String value) {}

    @BeforeEach
    void connect() {
        table = TestNode.table("part text, n int, value text, PRIMARY KEY ((part), n)");
        // An indexed value has a limit of its own that only the server knows.
        TestNode.session().execute("CREATE INDEX ON " + table + " (value)");
        session = TestNode.session(TestNode.server());
    }

    @AfterEach
    void disconnect() {
        session.close();
    }

    private CassandraWriter<Line> writer() {
        return held.writer(session, table, Line.class, BATCH_BYTES);
    }

    /** Two partitions in turn; one value in each of these batches is too long. */
    private List<CompletableFuture<WriteResult>> write(CassandraWriter<Line> writer, Map<Integer, Integer> tooLong) {
        List<CompletableFuture<WriteResult>> results = new ArrayList<>();
        results.add(write(writer, List.of(new Line("first", 0, "alone"))));
        for (int b = 0; b < BATCHES; b++) {
            int batch = b;
            results.add(write(
                    writer,
                    IntStream.range(0, ROWS)
                            .mapToObj(i -> new Line(
                                    "p" + i % 2,
                                    batch * ROWS + i,
                                    "x".repeat(tooLong.getOrDefault(batch, -1) == i ? 70_000 : 20)))
                            .toList()));
        }
        held.letThrough();
        return results;
    }

    private static CompletableFuture<WriteResult> write(CassandraWriter<Line> writer, List<Line> lines) {
        return writer.write(records(1_000_000, lines)).toCompletableFuture();
    }

    private static Map<Integer, Throwable> failures(CompletableFuture<WriteResult> result) throws Exception {
        return result.get(5, TimeUnit.MINUTES).failures();
    }

    private long count() {
        return TestNode.session().execute("SELECT count(*) FROM " + table).one().getLong(0);
    }

    @Test
    void shouldSendRowsOfManyBatchesAndPartitionsInOneRequest() throws Exception {
        try (CassandraWriter<Line> writer = writer()) {
            for (CompletableFuture<WriteResult> result : write(writer, Map.of())) {
                assertThat(failures(result)).isEmpty();
            }
        }

        assertThat(held.requests()).extracting(List::size).containsExactly(1, BATCHES * ROWS);
        assertThat(count()).isEqualTo(1 + BATCHES * ROWS);
    }

    @Test
    void shouldReportEachRowToBlameToItsOwnBatchWhenManyShareARequest() throws Exception {
        Map<Integer, Integer> tooLong = Map.of(2, 4, 3, 7, 7, 4);

        try (CassandraWriter<Line> writer = writer()) {
            List<CompletableFuture<WriteResult>> results = write(writer, tooLong);

            assertThat(failures(results.get(0))).isEmpty();
            for (int batch = 0; batch < BATCHES; batch++) {
                Map<Integer, Throwable> failures = failures(results.get(batch + 1));
                if (tooLong.containsKey(batch)) {
                    assertThat(failures).containsOnlyKeys(tooLong.get(batch));
                    assertThat(failures.values()).allMatch(RefusedRecordException.class::isInstance);
                } else {
                    assertThat(failures).isEmpty();
                }
            }
        }

        assertThat(held.requests()).extracting(List::size).startsWith(1, BATCHES * ROWS / 2);
        assertThat(count()).isEqualTo(1 + BATCHES * ROWS - tooLong.size());
    }
}
