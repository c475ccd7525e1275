package dev.millrace.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SinkWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that appends is killed again and again, and its successor begins before the last row that was acknowledged,
 * with batches of other bounds. How many of the kills come while a file is being written is up to the machine, and
 * printed; {@link ReplayPropertyTest} goes through all bounds.
 */
class AppendingKilledIT {

    private static final int KILLS = Integer.getInteger("millrace.kills", 4);
    private static final int PARTITIONS = 3;
    /** More than are waited for, and few enough to be read, however late the process is killed. */
    private static final int MOST_BATCHES = 40;

    @TempDir
    Path directory;

    record Row(String partition, long offset, String text) {}

    /** Appends rows of all partitions, from an offset on, and says below which offset all are acknowledged. */
    public static void main(String[] arguments) throws Exception {
        long next = Long.parseLong(arguments[1]);
        Random random = new Random(next);
        try (SinkWriter<Row> writer =
                Parquet.appending(Path.of(arguments[0]), Row.class).open(TestContext.CONTEXT)) {
            for (int acknowledged = 0; acknowledged < MOST_BATCHES; acknowledged++) {
                List<PipelineRecord<Row>> batch = new ArrayList<>();
                for (int i = random.nextInt(2_000); i >= 0; i--) {
                    for (int partition = 0; partition < PARTITIONS; partition++) {
                        String name = "p-" + partition;
                        Row row = new Row(name, next, "row " + next);
                        batch.add(PipelineRecord.of(row, name, next).withTimestamp(next));
                    }
                    next++;
                }
                Writing.batch(writer, batch);
                System.out.println(next);
            }
            System.in.read(); // until it is killed
        }
    }

    @Test
    void shouldHoldEachAcknowledgedRowOnceWhenTheProcessIsKilled() throws Exception {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        Random random = new Random(seed);
        Path silver = directory.resolve("silver");
        long acknowledged = 0;
        int unfinished = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            long from = acknowledged - (acknowledged == 0 ? 0 : random.nextInt((int) Math.min(5_000, acknowledged)));
            acknowledged = Math.max(acknowledged, killedAfter(silver, from, 1 + random.nextInt(8), random));
            try (Stream<Path> files = Files.list(silver)) {
                unfinished += (int)
                        files.filter(file -> file.toString().endsWith(".tmp")).count();
            }

            List<String> told = DuckDb.query(
                            "select count(*), count(distinct (partition, \"offset\")), count(*) filter (\"offset\" < "
                                    + acknowledged + "), bool_and(text = 'row ' || \"offset\") from $",
                            silver.resolve("*.parquet"))
                    .get(0);
            assertThat(told.get(1)).as("distinct rows, seed %d", seed).isEqualTo(told.get(0));
            assertThat(told.get(2))
                    .as("acknowledged rows, seed %d", seed)
                    .isEqualTo(String.valueOf(PARTITIONS * acknowledged));
            assertThat(told.get(3)).as("whole rows, seed %d", seed).isEqualTo("true");
        }
        System.out.println(
                KILLS + " kills, " + unfinished + " of them within a file, " + PARTITIONS * acknowledged + " rows");
    }

    /** The offset below which all had been acknowledged before the process was killed. */
    private long killedAfter(Path silver, long from, int acknowledgements, Random random) throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AppendingKilledIT.class.getName(),
                        silver.toString(),
                        String.valueOf(from))
                .redirectOutput(output.toFile())
                .redirectError(directory.resolve("errors").toFile())
                .start();
        try {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
            while (lines(output).size() < acknowledgements) {
                assertThat(process.isAlive())
                        .as(() -> String.join("\n", lines(directory.resolve("errors"))))
                        .isTrue();
                assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
                LockSupport.parkNanos(1_000_000);
            }
            LockSupport.parkNanos(random.nextInt(50_000_000));
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        List<String> lines = lines(output);
        return Long.parseLong(lines.get(lines.size() - 1));
    }

    /** The whole ones. */
    private static List<String> lines(Path output) {
        try {
            String text = Files.readString(output);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
