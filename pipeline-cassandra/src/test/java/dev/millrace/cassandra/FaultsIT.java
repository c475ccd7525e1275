package dev.millrace.cassandra;

import static dev.millrace.cassandra.Writing.attempt;
import static dev.millrace.cassandra.Writing.records;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.testkit.CassandraServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FaultsIT {

    private static final int PARTITIONS = 500;
    private static final Duration RECOVERY = Duration.ofMinutes(5);

    private static CassandraServer server;

    @BeforeAll
    static void useAServerThatIsOurs() {
        server = TestNode.server();
        Assumptions.assumeFalse(server.isExternal(), "only a server of our own may be killed");
    }

    record Line(int part, int n, String value) {}

    private static String lines() {
        return TestNode.table("part int, n int, value text, PRIMARY KEY ((part), n)");
    }

    private static List<PipelineRecord<Line>> batch(int first, int count) {
        return records(
                1_000_000 + first,
                IntStream.range(first, first + count)
                        .mapToObj(i -> new Line(i % PARTITIONS, i, "value " + i))
                        .toList());
    }

    /** Writes what has not been written until all is, as the engine does. */
    private static void writeAll(SinkWriter<Line> writer, List<PipelineRecord<Line>> records) throws Exception {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        List<PipelineRecord<Line>> left = records;
        while (!left.isEmpty()) {
            assertThat(System.nanoTime()).as("%d records left", left.size()).isLessThan(deadline);
            left = failed(left, attempt(writer, left));
        }
    }

    private static List<PipelineRecord<Line>> failed(List<PipelineRecord<Line>> batch, WriteResult result) {
        assertThat(result.failures().values()).allMatch(UnavailableException.class::isInstance);
        return result.failures().keySet().stream().sorted().map(batch::get).toList();
    }

    private static long count(String table) {
        return TestNode.session().execute("SELECT count(*) FROM " + table).one().getLong(0);
    }

    @Test
    void shouldLoseNothingWhenTheServerIsKilledMidWrite() throws Exception {
        String table = lines();
        try (SinkWriter<Line> writer =
                TestNode.cassandra().sink(table, Line.class).open(new TestContext())) {
            List<List<PipelineRecord<Line>>> batches = new ArrayList<>();
            List<CompletableFuture<WriteResult>> results = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                batches.add(batch(i * 1_000, 1_000));
                results.add(writer.write(batches.get(i)).toCompletableFuture());
            }
            // Some of it has been written by now, and the last of it cannot be.
            results.get(0).get(5, TimeUnit.MINUTES);
            server.pause();
            batches.add(batch(20_000, 1_000));
            results.add(writer.write(batches.get(20)).toCompletableFuture());
            server.kill();

            List<PipelineRecord<Line>> left = new ArrayList<>();
            for (int i = 0; i < batches.size(); i++) {
                left.addAll(failed(batches.get(i), results.get(i).get(5, TimeUnit.MINUTES)));
            }
            assertThat(left).as("failed by the kill").isNotEmpty();
            assertThat(failed(batch(0, 10), attempt(writer, batch(0, 10))))
                    .as("written to a server that is dead")
                    .hasSize(10);
            TestNode.restart();
            writeAll(writer, left);
        }
        assertThat(count(table)).isEqualTo(21_000);
    }

    @Test
    void shouldReportTimeoutsAndRecoverWhenTheServerHangs() throws Exception {
        String table = lines();
        Cassandra impatient = TestNode.cassandra()
                .configure(options -> options.withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(1)));
        List<PipelineRecord<Line>> records = batch(0, 5_000);
        try (SinkWriter<Line> writer =
                openInTime(impatient.sink(table, Line.class).concurrency(16).batchBytes(0))) {
            writeAll(writer, records.subList(0, 100));
            TestNode.pause();
            try {
                long start = System.nanoTime();
                // 5,000 requests, 16 at a time, would take five minutes if each had to time out.
                assertThat(failed(records, attempt(writer, records))).hasSize(records.size());
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(4));
            } finally {
                TestNode.resume();
            }
            writeAll(writer, records);
        }
        assertThat(count(table)).isEqualTo(5_000);
    }

    /** Where a request of the opening takes too long, as it may for those who are that impatient, once more. */
    private static SinkWriter<Line> openInTime(Sink<Line> sink) throws Exception {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        while (true) {
            try {
                return sink.open(new TestContext());
            } catch (DriverTimeoutException e) {
                assertThat(System.nanoTime()).as("%s", e).isLessThan(deadline);
            }
        }
    }

    @Test
    void shouldAnswerWithWhatWasReadLastWhenTheServerHangsAndThatIsAskedFor() throws Exception {
        String table = lines();
        Writing.write(TestNode.cassandra().sink(table, Line.class), new Line(1, 1, "known"));
        record First(int part, String value) {}
        CassandraLookup<Object, First> byPart =
                TestNode.cassandra().table(table, First.class).keyedBy("part").timeout(Duration.ofMillis(500));
        TestContext context = new TestContext();
        try (Lookup<Object, First> plain = byPart.open(context);
                Lookup<Object, First> stale =
                        byPart.staleFor(Duration.ofMinutes(10)).open(context)) {
            Optional<First> known = Optional.of(new First(1, "known"));
            awaitAnswer(plain, 1, known);
            awaitAnswer(stale, 1, known);
            TestNode.pause();
            try {
                assertThat(failure(plain.find(1))).isInstanceOf(UnavailableException.class);
                assertThat(stale.find(1).toCompletableFuture().get(1, TimeUnit.MINUTES))
                        .isEqualTo(known);
                assertThat(failure(stale.find(2))).isInstanceOf(UnavailableException.class);
                context.advance(Duration.ofMinutes(10));
                assertThat(failure(stale.find(1))).isInstanceOf(UnavailableException.class);
            } finally {
                TestNode.resume();
            }
            awaitAnswer(plain, 1, known);
        }
    }

    private static void awaitAnswer(Lookup<Object, ?> lookup, Object key, Optional<?> answer) throws Exception {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        while (true) {
            try {
                assertThat(lookup.find(key).toCompletableFuture().get(1, TimeUnit.MINUTES))
                        .isEqualTo(answer);
                return;
            } catch (ExecutionException e) {
                assertThat(e.getCause()).isInstanceOf(UnavailableException.class);
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
        }
    }

    private static Throwable failure(CompletionStage<?> stage) throws Exception {
        try {
            stage.toCompletableFuture().get(1, TimeUnit.MINUTES);
            return new AssertionError("no failure");
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    @Test
    void shouldBlameTheTableWhenItIsDroppedMeanwhile() throws Exception {
        String table = lines();
        try (SinkWriter<Line> writer =
                TestNode.cassandra().sink(table, Line.class).open(new TestContext())) {
            assertThat(attempt(writer, batch(0, 10)).failures()).isEmpty();
            TestNode.session().execute("DROP TABLE " + table);

            Map<Integer, Throwable> failures = attempt(writer, batch(0, 10)).failures();

            assertThat(failures).hasSize(10);
            assertThat(failures.values())
                    .allMatch(TableChangedException.class::isInstance)
                    .allMatch(failure -> failure.getMessage().startsWith("table " + table + " is not as it was"));
        }
    }

    @Test
    void shouldBlameTheTableWhenAColumnIsDroppedMeanwhileAndGoOnWhenOneIsAdded() throws Exception {
        String table = lines();
        try (SinkWriter<Line> writer =
                TestNode.cassandra().sink(table, Line.class).open(new TestContext())) {
            TestNode.session().execute("ALTER TABLE " + table + " ADD more text");
            assertThat(attempt(writer, batch(0, 1_000)).failures()).isEmpty();
            TestNode.session().execute("ALTER TABLE " + table + " DROP value");

            Map<Integer, Throwable> failures = attempt(writer, batch(0, 1_000)).failures();

            assertThat(failures).hasSize(1_000);
            assertThat(failures.values()).allMatch(TableChangedException.class::isInstance);
        }
        assertThat(count(table)).isEqualTo(1_000);
    }
}
