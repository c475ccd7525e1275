package dev.millrace.examples.security;

import static dev.millrace.pipeline.policy.Aggregation.keptIn;
import static dev.millrace.pipeline.policy.FailurePolicy.skip;
import static dev.millrace.pipeline.policy.RetryPolicy.fixed;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cassandra.Cassandra;
import dev.millrace.cassandra.CassandraLookup;
import dev.millrace.examples.TestServers;
import dev.millrace.files.Csv;
import dev.millrace.pipeline.Aggregators;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rights that the page on security lists are enough, and none of them is more than that: without any of them
 * nothing is stored and no record given up, the pipeline says which it waits for, and all goes through once it is
 * given.
 */
@Timeout(900)
class CassandraRightsIT {

    private static final String PASSWORD = "of-a-role";
    private static final Duration SOON = Duration.ofMillis(50);
    private static final List<Integer> IDS = IntStream.range(0, 20).boxed().toList();
    /** What fails often enough for a reason of its own would be skipped. */
    private static final StageOptions OPTIONS =
            with().retry(fixed(SOON).maxAttempts(2)).onFailure(skip());

    private static final AtomicInteger NAMES = new AtomicInteger();

    private static SecuredCassandra server;

    record Line(int id, String text) {}

    @TempDir
    private Path directory;

    private final int number = NAMES.incrementAndGet();
    private final String role = "role" + number;
    private final String table = "shop.table" + number;
    private final Set<Integer> passed = new ConcurrentSkipListSet<>();
    private final Set<String> outages = new ConcurrentSkipListSet<>();

    record Use(
            String name,
            String columns,
            int rows,
            BiFunction<String, String, List<String>> rights,
            BiFunction<CassandraRightsIT, Cassandra, Pipeline> pipeline,
            Function<CassandraRightsIT, Collection<Integer>> passed) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Use> uses() {
        String lines = "id int PRIMARY KEY, text text";
        String states = "pipeline text, stage text, partition text, key blob, position bigint, state blob,"
                + " PRIMARY KEY ((pipeline, stage, partition), key)";
        return Stream.of(
                new Use(
                        "a sink",
                        lines,
                        0,
                        CassandraRights::sink,
                        CassandraRightsIT::writing,
                        CassandraRightsIT::storedLines),
                new Use(
                        "a lookup",
                        lines,
                        IDS.size(),
                        CassandraRights::lookup,
                        CassandraRightsIT::asking,
                        test -> test.passed),
                new Use(
                        "a preloaded lookup",
                        lines,
                        IDS.size(),
                        CassandraRights::lookup,
                        CassandraRightsIT::askingPreloaded,
                        test -> test.passed),
                new Use(
                        "states",
                        states,
                        0,
                        CassandraRights::states,
                        CassandraRightsIT::counting,
                        test -> test.passed));
    }

    @BeforeAll
    static void start() {
        server = SecuredCassandra.start(Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("uses")
    void shouldNeedTheRightsThatAreListedAllOfThemAndNoOthers(Use use) {
        server.execute("CREATE TABLE " + table + " (" + use.columns + ")");
        server.user(role, PASSWORD);
        List<String> rights = use.rights.apply(role, table);
        rights.forEach(server::execute);
        for (String right : rights) {
            server.execute(right.replace("GRANT", "REVOKE").replace(" TO ", " FROM "));
            String permission = right.split(" ", 3)[1];
            shouldWaitFor("no " + permission + " permission for table " + table, use, right);
            server.execute("TRUNCATE " + table);
            passed.clear();
        }
        shouldPass(use, start(use));
    }

    private void shouldWaitFor(String what, Use use, String right) {
        RunningPipeline running;
        try {
            running = start(use);
        } catch (PipelineFailedException notStarted) {
            assertThat(notStarted).hasMessageContaining(what);
            server.execute(right);
            shouldPass(use, start(use));
            return;
        }
        TestServers.await(() -> outages.contains(what));
        assertThat(running.state().isFinal()).isFalse();
        assertThat(server.execute("SELECT * FROM " + table).all()).hasSize(use.rows);
        server.execute(right);
        shouldPass(use, running);
    }

    private RunningPipeline start(Use use) {
        outages.clear();
        PipelineListener listener = new PipelineListener() {
            @Override
            public void onUnavailable(String name, String stage, Duration delay, Throwable cause) {
                outages.add(String.valueOf(cause.getMessage()));
            }
        };
        return PipelineRunner.create().listener(listener).start(use.pipeline.apply(this, server.as(role, PASSWORD)));
    }

    private void shouldPass(Use use, RunningPipeline running) {
        try (running) {
            TestServers.await(() -> running.state().isFinal());
            assertThat(running.state()).isEqualTo(PipelineState.STOPPED);
            assertThat(running.stats().skipped()).isZero();
        }
        assertThat(use.passed.apply(this)).containsExactlyInAnyOrderElementsOf(IDS);
    }

    private Pipeline writing(Cassandra cassandra) {
        return Pipeline.named("writing")
                .from(Sources.of(IDS))
                .map(id -> new Line(id, "line " + id))
                .to(cassandra.sink(table, Line.class), OPTIONS);
    }

    private List<Integer> storedLines() {
        return server.execute("SELECT id FROM " + table).all().stream()
                .map(row -> row.getInt("id"))
                .toList();
    }

    private Pipeline asking(Cassandra cassandra) {
        return asking(cassandra.table(table, Line.class).keyedBy("id"));
    }

    private Pipeline askingPreloaded(Cassandra cassandra) {
        return asking(cassandra
                .table(table, Line.class)
                .keyedBy("id")
                .freshFor(Duration.ofHours(1))
                .preloaded());
    }

    private Pipeline asking(CassandraLookup<Object, Line> lookup) {
        IDS.forEach(id -> server.execute("INSERT INTO " + table + " (id, text) VALUES (?, 'line')", id));
        return Pipeline.named("asking")
                .from(Sources.of(IDS))
                .enrichOrDrop(lookup, id -> id, (id, line) -> line.id(), OPTIONS)
                .to(Sinks.into(passed));
    }

    /** Of a file, whose records can be read again, as those of a state must be, where their position is kept. */
    private Pipeline counting(Cassandra cassandra) {
        Path file = directory.resolve("ids.csv");
        try {
            Files.write(file, IDS.stream().map(String::valueOf).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Pipeline.named("counting")
                .from(Csv.source(file, row -> Integer.parseInt(row.get(0)))
                        .header(false)
                        .positionKeptIn(cassandra.states(table)))
                .keyBy(id -> id)
                .aggregate(
                        Aggregators.counting(),
                        (id, count) -> id,
                        keptIn(cassandra.states(table)).every(SOON),
                        OPTIONS)
                .to(Sinks.into(passed));
    }
}
