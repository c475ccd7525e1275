package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Aggregators;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.StateTable;
import dev.millrace.pipeline.spi.WriteResult;
import dev.millrace.pipeline.testing.Await;
import dev.millrace.pipeline.testing.Runs;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Counts are exact though the process dies at random moments: what it did after that counts for nothing, the last save
 * may have come half-way, and the source begins again anywhere up to what was committed.
 */
@Timeout(120)
class AggregateCrashTest {

    private static final int PARTITIONS = 3;
    private static final int RECORDS = 4_000;
    private static final int LIVES = 20;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldCountExactlyHoweverOftenTheProcessDies(long seed) {
        World world = new World(seed);
        for (int life = 0; life < LIVES; life++) {
            World.Life mortal = world.new Life(world.random.nextInt(20));
            RunningPipeline running = Runs.runner().start(mortal.pipeline());
            Await.until(
                    "it dies or ends", () -> mortal.isDead() || running.state().isFinal());
            running.abandon();
            Runs.awaitEnd(running);
        }
        RunningPipeline last = Runs.runner().start(world.new Life(Integer.MAX_VALUE).pipeline());
        Runs.awaitEnd(last);

        assertThat(world.rows).isEqualTo(world.expected());
    }

    private record Told(String key, long count) {}

    /** What outlives a process. */
    private static final class World {

        final Random random;
        final Map<String, Map<ByteBuffer, KeptState>> kept = new HashMap<>();
        final Map<String, Long> committed = new HashMap<>();
        final Map<String, Long> rows = new TreeMap<>();
        final List<List<String>> topic = new ArrayList<>();

        World(long seed) {
            random = new Random(seed);
            for (int p = 0; p < PARTITIONS; p++) {
                List<String> partition = new ArrayList<>();
                for (int i = 0; i < RECORDS / PARTITIONS; i++) {
                    partition.add(keys(i / 20));
                }
                topic.add(partition);
            }
        }

        /**
         * One to three of them, now and then the same twice; each occurs for some time only, so that a loss stays one.
         */
        private String keys(int time) {
            return random.ints(1 + random.nextInt(3), 0, 12)
                    .mapToObj(number -> time + "/" + number)
                    .collect(Collectors.joining(" "));
        }

        Map<String, Long> expected() {
            Map<String, Long> expected = new TreeMap<>();
            topic.forEach(partition -> partition.forEach(
                    keys -> List.of(keys.split(" ")).forEach(key -> expected.merge(key, 1L, Long::sum))));
            return expected;
        }

        /** One process, which dies as it saves for that time. */
        final class Life {

            private int savesLeft;
            private boolean isDead;

            Life(int saves) {
                savesLeft = saves;
            }

            Pipeline pipeline() {
                return Pipeline.named("p")
                        .from(new Topic(this))
                        .flatMap(keys -> List.of(keys.split(" ")))
                        .keyBy(key -> key)
                        .aggregate(
                                Aggregators.counting(),
                                Told::new,
                                Aggregation.keptIn(context -> new Kept(this)).every(Duration.ofNanos(200_000)))
                        .to(context -> this::write);
            }

            boolean isDead() {
                synchronized (World.this) {
                    return isDead;
                }
            }

            private CompletionStage<WriteResult> write(List<PipelineRecord<Told>> batch) {
                synchronized (World.this) {
                    if (isDead) {
                        return new CompletableFuture<>();
                    }
                    batch.forEach(record -> rows.put(record.value().key, record.value().count));
                    return CompletableFuture.completedStage(WriteResult.written());
                }
            }
        }

        private final class Kept implements StateTable {

            private final Life life;

            Kept(Life life) {
                this.life = life;
            }

            @Override
            public CompletionStage<List<KeptState>> load(String partition) {
                synchronized (World.this) {
                    return CompletableFuture.completedStage(
                            List.copyOf(kept.getOrDefault(partition, Map.of()).values()));
                }
            }

            @Override
            public CompletionStage<Void> save(Map<String, List<KeptState>> changed) {
                synchronized (World.this) {
                    if (life.isDead) {
                        return new CompletableFuture<>();
                    }
                    life.isDead = life.savesLeft-- == 0;
                    changed.forEach((partition, states) -> states.stream()
                            .filter(state -> !life.isDead || random.nextBoolean())
                            .forEach(state -> kept.computeIfAbsent(partition, name -> new HashMap<>())
                                    .put(ByteBuffer.wrap(state.key()), state)));
                    return life.isDead ? new CompletableFuture<>() : CompletableFuture.completedStage(null);
                }
            }
        }

        private final class Topic implements Source<String>, SourceReader<String> {

            private final Life life;
            private final long[] next = new long[PARTITIONS];

            Topic(Life life) {
                this.life = life;
            }

            @Override
            public boolean isRepeatable() {
                return true;
            }

            @Override
            public SourceReader<String> open(SourceContext context) {
                synchronized (World.this) {
                    for (int p = 0; p < PARTITIONS; p++) {
                        long done = committed.getOrDefault("p" + p, 0L);
                        next[p] = Math.max(0, done - random.nextInt(50));
                    }
                }
                context.assigned(List.of("p0", "p1", "p2"));
                return this;
            }

            @Override
            public List<PipelineRecord<String>> poll(Duration timeout) {
                List<PipelineRecord<String>> records = new ArrayList<>();
                for (int p = 0; p < PARTITIONS; p++) {
                    for (int i = 0; i < 7 && next[p] < topic.get(p).size(); i++) {
                        long offset = next[p]++;
                        records.add(PipelineRecord.of(topic.get(p).get((int) offset), "p" + p, offset));
                    }
                }
                return records;
            }

            @Override
            public boolean isExhausted() {
                for (int p = 0; p < PARTITIONS; p++) {
                    if (next[p] < topic.get(p).size()) {
                        return false;
                    }
                }
                return true;
            }

            @Override
            public void commit(Map<String, Long> frontier) {
                synchronized (World.this) {
                    if (!life.isDead) {
                        committed.putAll(frontier);
                    }
                }
            }
        }
    }
}
