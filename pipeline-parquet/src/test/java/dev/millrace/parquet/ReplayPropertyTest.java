package dev.millrace.parquet;

import static dev.millrace.parquet.TestContext.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SinkWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records are read, and read again from some offset that was committed before, by instances that come and go, in
 * batches of any bounds: each row is there once. A failure names its seed; set it as the first one to see it again.
 */
class ReplayPropertyTest {

    private static final long FIRST_SEED = Long.getLong("millrace.seed", 1);
    private static final int SEEDS = Integer.getInteger("millrace.seeds", 10);

    private static final int PARTITIONS = 3;
    private static final int OFFSETS = 40;

    @TempDir
    Path directory;

    record Row(int partition, long offset, int part) {}

    /** What is left of each offset by filters, and what it becomes: the same each time. */
    private record Feed(long seed) {

        List<PipelineRecord<Row>> of(int partition, long offset) {
            Random random = new Random(seed * 31 + partition * 1_000L + offset);
            List<PipelineRecord<Row>> rows = new ArrayList<>();
            int count = random.nextInt(3) == 0 ? random.nextInt(5) : 1;
            for (int i = 0; i < count; i++) {
                // Some of them equal.
                Row row = new Row(partition, offset, random.nextInt(2));
                rows.add(PipelineRecord.of(row, "p-" + partition, offset).withTimestamp(offset / 3));
            }
            return rows;
        }

        Map<Row, Integer> all() {
            Map<Row, Integer> all = new HashMap<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                for (long offset = 0; offset < OFFSETS; offset++) {
                    of(partition, offset).forEach(record -> all.merge(record.value(), 1, Integer::sum));
                }
            }
            return all;
        }
    }

    @Test
    void shouldHoldEachRowOnceWhateverComesAgain() throws Exception {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            Path silver = Files.createDirectory(directory.resolve(String.valueOf(seed)));
            Feed feed = new Feed(seed);
            run(feed, silver, new Random(seed));

            Map<Row, Integer> there = new HashMap<>();
            for (Row row : Reading.of(Parquet.source(silver, Row.class).glob("*.parquet"))) {
                there.merge(row, 1, Integer::sum);
            }
            Map<Row, Integer> wrong = new HashMap<>(there);
            feed.all().forEach((row, count) -> wrong.merge(row, -count, Integer::sum));
            wrong.values().removeIf(difference -> difference == 0);
            assertThat(wrong).as("too many or too few, of seed %d", seed).isEmpty();
        }
    }

    /** Lives of the pipeline, each from what was committed in the former ones; the last one goes to the end. */
    private static void run(Feed feed, Path silver, Random random) throws Exception {
        Map<Integer, Long> committed = new TreeMap<>();
        for (int life = 5; life >= 0; life--) {
            Map<Integer, Long> next = new HashMap<>(committed);
            List<PipelineRecord<Row>> waiting = new ArrayList<>();
            long writeTimestamp = 1;
            try (SinkWriter<Row> writer = Parquet.appending(silver, Row.class)
                    .compression(Compression.NONE)
                    .open(CONTEXT)) {
                int steps = life == 0 ? Integer.MAX_VALUE : random.nextInt(60);
                for (int step = 0; step < steps; step++) {
                    int partition = random.nextInt(PARTITIONS);
                    long offset = next.getOrDefault(partition, 0L);
                    if (offset < OFFSETS) {
                        for (PipelineRecord<Row> record : feed.of(partition, offset)) {
                            waiting.add(record.forSink(null, record.value(), writeTimestamp++));
                        }
                        next.put(partition, offset + 1);
                    }
                    boolean isOver =
                            next.size() == PARTITIONS && next.values().stream().allMatch(end -> end == OFFSETS);
                    if (random.nextInt(6) == 0 || isOver) {
                        write(writer, waiting, random, isOver);
                    }
                    if (isOver) {
                        break;
                    }
                }
            }
            // Somewhere from what had been committed to what has been read and is not waiting.
            for (int partition = 0; partition < PARTITIONS; partition++) {
                String name = "p-" + partition;
                long done = waiting.stream()
                        .filter(record -> record.partition().equals(name))
                        .mapToLong(PipelineRecord::offset)
                        .min()
                        .orElse(next.getOrDefault(partition, 0L));
                long before = committed.getOrDefault(partition, 0L);
                committed.put(partition, before + (done == before ? 0 : random.nextInt((int) (done - before) + 1)));
            }
        }
    }

    /** Some of what waits, which may come again as another attempt, or all of it. */
    private static void write(SinkWriter<Row> writer, List<PipelineRecord<Row>> waiting, Random random, boolean isAll)
            throws Exception {
        while (!waiting.isEmpty()) {
            List<PipelineRecord<Row>> batch = waiting.subList(0, 1 + random.nextInt(waiting.size()));
            for (int attempts = 1 + random.nextInt(2); attempts > 0; attempts--) {
                Writing.batch(writer, List.copyOf(batch));
            }
            batch.clear();
            if (!isAll && random.nextBoolean()) {
                return;
            }
        }
    }
}
