package dev.millrace.faults;

import static dev.millrace.pipeline.policy.StageOptions.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.protocol.internal.Message;
import com.datastax.oss.protocol.internal.ProtocolConstants;
import com.datastax.oss.protocol.internal.response.Error;
import dev.millrace.cassandra.Cassandra;
import dev.millrace.pipeline.Enrichers;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked while records pass is slow, fails or says nothing: F41 and F42. In this process, without servers. */
class LookupChaos {

    private static final int LATENCY_MILLIS = 200;
    private static final int AT_ONCE = 256;
    private static final int KEYS = 10_000;
    private static final int WAITERS = 5_000;

    record Item(int key, int seq) {}

    record Stored(String part, String id, String value) {}

    /** A service that notes how many calls are under way. */
    private static final class SlowService {

        private final AtomicInteger underWay = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        CompletionStage<Optional<String>> ask(int key) {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
            CompletableFuture.delayedExecutor(LATENCY_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        underWay.decrementAndGet();
                        answer.complete(Optional.of("name of " + key));
                    });
            return answer;
        }
    }

    @Test
    void shouldKeepASlowServiceBusyAndEachKeyInOrder() throws Exception {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        Random random = new Random(seed);
        int count = ProcessChaos.scaled(100_000);
        int[] seqs = new int[KEYS];
        List<Item> items = IntStream.range(0, count)
                .map(i -> random.nextInt(KEYS))
                .mapToObj(key -> new Item(key, ++seqs[key]))
                .toList();
        SlowService service = new SlowService();
        Map<Integer, Integer> last = new ConcurrentHashMap<>();
        AtomicInteger outOfOrder = new AtomicInteger();
        AtomicInteger written = new AtomicInteger();
        Pipeline pipeline = Pipeline.named("slow-service")
                .from(Sources.of(items))
                .keyBy(Item::key)
                .enrich(
                        Enrichers.async(service::ask),
                        Item::key,
                        (item, name) -> item,
                        with().concurrency(AT_ONCE).ordering(Ordering.PER_KEY))
                .to(
                        Sinks.forEach(item -> {
                            Integer before = last.put(item.key(), item.seq());
                            outOfOrder.addAndGet((before == null ? 0 : before) + 1 == item.seq() ? 0 : 1);
                            written.incrementAndGet();
                        }),
                        with().ordering(Ordering.PER_KEY));

        long begin = System.nanoTime();
        run(pipeline, Duration.ofMinutes(10));
        double seconds = (System.nanoTime() - begin) / 1e9;

        assertThat(written.get()).isEqualTo(count);
        assertThat(outOfOrder.get()).as("I3 out of the order of their keys").isZero();
        assertThat(service.most.get()).as("calls at once").isLessThanOrEqualTo(AT_ONCE);
        double possible = AT_ONCE * 1_000.0 / LATENCY_MILLIS;
        double rate = count / seconds;
        // How fast depends on the machine; one at a time would be one in 256.
        assertThat(rate).as("records/s of %s possible", possible).isGreaterThan(possible / 10);
        ChaosReport.add(new Outcome(
                "service of %d ms, %d at once: %.0f %% of what is possible"
                        .formatted(LATENCY_MILLIS, AT_ONCE, 100 * rate / possible),
                1,
                new Oracle.Verdict(count, 0, 0),
                List.of(),
                seed));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReadAHotKeyForAllWhoWaitWhenReadsFail(boolean isSilent) throws Exception {
        int seconds = ProcessChaos.scaled(60);
        AtomicBoolean isHealed = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        Message overloaded = new Error(ProtocolConstants.ErrorCode.OVERLOADED, "injected");
        try (FaultyNode node =
                new FaultyNode(ids -> isSilent || isHealed.get() ? Optional.empty() : Optional.of(overloaded))) {
            node.silent(isSilent);
            Pipeline pipeline = Pipeline.named("hot-key")
                    .from(Sources.of(IntStream.range(0, WAITERS).boxed().toList()))
                    .enrich(
                            Cassandra.at(node.address())
                                    .table("sim.rows", Stored.class)
                                    .keyedBy("part")
                                    .timeout(Duration.ofSeconds(1)),
                            item -> "hot",
                            (item, stored) -> stored.orElseThrow(),
                            with().concurrency(WAITERS).retry(RetryPolicy.fixed(Duration.ofSeconds(1))))
                    .to(Sinks.forEach(stored -> answered.incrementAndGet()));
            long recovery;
            try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
                Await.pass(seconds * 1_000L);
                assertThat(answered.get()).isZero();
                long healed = System.nanoTime();
                isHealed.set(true);
                node.silent(false);
                assertThat(running.awaitTermination(Duration.ofMinutes(2)))
                        .as(running::explain)
                        .isTrue();
                recovery = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - healed);
            }
            int reads = node.attempts().get("hot").size();
            assertThat(answered.get()).isEqualTo(WAITERS);
            // All ask again each second or two; a read under way, and its failure, is shared by all who come.
            assertThat(reads)
                    .as("reads for %s who wait for %s s", WAITERS, seconds)
                    .isLessThanOrEqualTo(WAITERS * seconds / 20);
            ChaosReport.add(new Outcome(
                    "%,d wait for a key whose reads %s for %d s: %d reads"
                            .formatted(WAITERS, isSilent ? "hang" : "fail", seconds, reads),
                    1,
                    new Oracle.Verdict(WAITERS, 0, 0),
                    List.of(recovery),
                    0));
        }
    }

    private static void run(Pipeline pipeline, Duration limit) throws Exception {
        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            assertThat(running.awaitTermination(limit)).as(running::explain).isTrue();
        }
    }
}
