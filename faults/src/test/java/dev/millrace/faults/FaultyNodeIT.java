package dev.millrace.faults;

import static dev.millrace.pipeline.policy.RetryPolicy.fixed;
import static dev.millrace.pipeline.policy.StageOptions.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.protocol.internal.Message;
import com.datastax.oss.protocol.internal.ProtocolConstants;
import com.datastax.oss.protocol.internal.response.Error;
import com.datastax.oss.protocol.internal.response.error.Unavailable;
import com.datastax.oss.protocol.internal.response.error.WriteFailure;
import com.datastax.oss.protocol.internal.response.error.WriteTimeout;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** F22 to F24: a node that refuses a share of the writes, each error at 1, 10 and 50 per cent. */
class FaultyNodeIT {

    private static final int ROWS = 2_000;
    private static final Duration BACK_OFF = Duration.ofMillis(50);
    private static final int LOCAL_ONE = ProtocolConstants.ConsistencyLevel.LOCAL_ONE;

    private static final Map<String, Message> ERRORS = Map.of(
            "overloaded",
            new Error(ProtocolConstants.ErrorCode.OVERLOADED, "injected"),
            "writeTimeout",
            new WriteTimeout("injected", LOCAL_ONE, 0, 1, "SIMPLE"),
            "unavailable",
            new Unavailable("injected", LOCAL_ONE, 1, 0),
            "writeFailure",
            new WriteFailure("injected", LOCAL_ONE, 0, 1, 1, Map.of(), "SIMPLE"));

    private final Queue<DeadLetter> letters = new ConcurrentLinkedQueue<>();

    record Line(String part, String id, String value) {}

    private static List<Line> lines(int count, int partitions) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Line("p" + i % partitions, "row " + i, "value"))
                .toList();
    }

    private void write(List<Line> lines, FaultyNode node, RetryPolicy retry) throws InterruptedException {
        Pipeline pipeline = Pipeline.named("faulty")
                .from(Sources.of(lines))
                .to(
                        Cassandra.at(node.address())
                                // Or a machine that stands still would make for attempts that no answer has asked for.
                                .configure(options -> options.withDuration(
                                                DefaultDriverOption.REQUEST_TIMEOUT, Await.PATIENCE)
                                        // So that rows of several partitions are several requests.
                                        .withBoolean(DefaultDriverOption.METADATA_TOKEN_MAP_ENABLED, false))
                                .sink("sim.rows", Line.class),
                        with().retry(retry).onFailure(FailurePolicy.deadLetter(Sinks.forEach(letters::add))));
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            assertThat(running.awaitTermination(Await.PATIENCE))
                    .as(running::explain)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "overloaded, 1", "overloaded, 10", "overloaded, 50",
        "writeTimeout, 1", "writeTimeout, 10", "writeTimeout, 50",
        "unavailable, 1", "unavailable, 10", "unavailable, 50",
        "writeFailure, 1", "writeFailure, 10", "writeFailure, 50"
    })
    void shouldWriteAllWithoutAStormWhenAShareIsRefused(String error, int percent) throws Exception {
        Random random = new Random(percent);
        try (FaultyNode node = new FaultyNode(
                ids -> random.nextInt(100) < percent ? Optional.of(ERRORS.get(error)) : Optional.empty())) {
            // Each row a partition of its own, so that each request carries one.
            List<Line> lines = lines(ROWS, ROWS);

            write(lines, node, fixed(BACK_OFF).maxAttempts(Integer.MAX_VALUE));

            assertThat(node.stored()).hasSize(ROWS);
            assertThat(letters).isEmpty();
            node.attempts().forEach((id, times) -> checkDelays(id, times));
            int attempts =
                    node.attempts().values().stream().mapToInt(List::size).sum();
            // A share of p needs 1/(1-p) attempts for each row, and chance takes a little more.
            assertThat(attempts).isLessThan((int) (ROWS / (1 - percent / 100.0) * 1.2));
        }
    }

    /** Neither the driver nor the sink may try again by themselves: only the engine, after its back-off. */
    private static void checkDelays(String id, List<Long> times) {
        for (int i = 1; i < times.size(); i++) {
            assertThat(Duration.ofNanos(times.get(i) - times.get(i - 1)))
                    .as("between two attempts of %s", id)
                    .isGreaterThanOrEqualTo(BACK_OFF.minusMillis(1));
        }
    }

    /**
     * F23 for what there is: every write of the library's is one that may be made again, for counters are refused and
     * conditions not offered. So what a write that timed out came to need not be known, and it is made again whatever
     * the retries asked for, which are for records that fail.
     */
    @Test
    void shouldWriteAgainWhatTimedOutThoughNoRetryIsAskedFor() throws Exception {
        Set<String> timedOut = ConcurrentHashMap.newKeySet();
        try (FaultyNode node = new FaultyNode(
                ids -> timedOut.addAll(ids) ? Optional.of(ERRORS.get("writeTimeout")) : Optional.empty())) {
            write(lines(100, 100), node, RetryPolicy.none());

            assertThat(node.stored()).hasSize(100);
            assertThat(node.attempts().values()).hasSize(100).allMatch(times -> times.size() == 2);
            assertThat(letters).isEmpty();
        }
    }

    @Test
    void shouldAttemptOnceWhatAReplicaFailedToWriteWhenNoRetryIsAskedFor() throws Exception {
        try (FaultyNode node = new FaultyNode(ids -> Optional.of(ERRORS.get("writeFailure")))) {
            write(lines(100, 100), node, RetryPolicy.none());

            assertThat(node.attempts().values()).hasSize(100).allMatch(times -> times.size() == 1);
            assertThat(letters).hasSize(100);
        }
    }

    /** F28: an eviction is one answer, and costs one preparation and one more attempt, by the driver. */
    @Test
    void shouldPrepareNoOftenerThanTheNodeForgets() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        AtomicInteger forgotten = new AtomicInteger();
        try (FaultyNode node = new FaultyNode(ids -> {
            if (requests.incrementAndGet() % 10 != 0) {
                return Optional.empty();
            }
            forgotten.incrementAndGet();
            return Optional.of(FaultyNode.forgotten());
        })) {
            write(lines(ROWS, ROWS), node, RetryPolicy.none());

            assertThat(node.stored()).hasSize(ROWS);
            assertThat(letters).isEmpty();
            assertThat(forgotten.get()).isBetween(ROWS / 10, ROWS / 10 * 2);
            assertThat(requests.get()).as("attempts").isEqualTo(ROWS + forgotten.get());
            assertThat(node.prepares()).as("preparations, the first included").isLessThanOrEqualTo(1 + forgotten.get());
        }
    }

    @Test
    void shouldHalveABatchWhenTheServerFindsItTooLarge() throws Exception {
        try (FaultyNode node = new FaultyNode(tooLargeBeyond(5))) {
            write(lines(500, 2), node, fixed(BACK_OFF));

            assertThat(node.stored()).hasSize(500);
            assertThat(letters).isEmpty();
        }
    }

    @Test
    void shouldMakeADeadLetterOfJustTheRowThatIsTooLargeByItself() throws Exception {
        try (FaultyNode node = new FaultyNode(ids -> ids.contains("row 77") ? tooLarge() : Optional.empty())) {
            write(lines(500, 2), node, fixed(BACK_OFF));

            assertThat(node.stored()).hasSize(499).doesNotContain("row 77");
            assertThat(letters)
                    .singleElement()
                    .satisfies(letter ->
                            assertThat(((Line) letter.original().value()).id()).isEqualTo("row 77"));
        }
    }

    private static Function<List<String>, Optional<Message>> tooLargeBeyond(int rows) {
        return ids -> ids.size() > rows ? tooLarge() : Optional.empty();
    }

    private static Optional<Message> tooLarge() {
        return Optional.of(new Error(ProtocolConstants.ErrorCode.INVALID, "Batch too large"));
    }
}
