package dev.millrace.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.files.Csv;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.policy.Throttle;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that copies a file is killed again and again; its successor goes on, and no row is passed over. */
class PositionKilledIT {

    private static final int KILLS = Integer.getInteger("millrace.kills", 4);
    private static final int ROWS = 6_000 * KILLS;
    /** Longer than what a process copies before it is killed, and too few for all of them to come to the end. */
    private static final int ROWS_OF_ONE = 5_500;

    @TempDir
    Path directory;

    private record Row(int number) {}

    /** Copies a file, and ends when it has; goes no further than so many rows, and waits to be killed. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Semaphore left = new Semaphore(Integer.parseInt(arguments[3]));
        Pipeline copy = Pipeline.named("copy")
                .from(source(directory.resolve(arguments[1]), StateDirectory.at(directory.resolve("positions"))))
                .throttle(Throttle.perSecond(Double.parseDouble(arguments[2])))
                .enrich(
                        context -> number -> left.tryAcquire()
                                ? CompletableFuture.completedFuture(Optional.of(number))
                                : new CompletableFuture<>(),
                        Row::number,
                        (row, number) -> row)
                .to(
                        Csv.appending(directory.resolve("to.csv"), Row.class),
                        StageOptions.with().batch(BatchPolicy.upTo(50)));
        try (RunningPipeline running =
                PipelineRunner.create().commitInterval(Duration.ofMillis(5)).start(copy)) {
            running.awaitTermination();
        }
    }

    private static Source<Row> source(Path file, StateStore positions) {
        return file.toString().endsWith(".csv")
                ? Csv.source(file, Row.class).positionKeptIn(positions)
                : Parquet.source(file, Row.class).positionKeptIn(positions);
    }

    @Test
    void shouldCopyEachRowOfCsvWhenTheProcessIsKilled() throws Exception {
        Files.writeString(
                directory.resolve("from.csv"),
                IntStream.range(0, ROWS).mapToObj(String::valueOf).collect(Collectors.joining("\n", "number\n", "\n")));

        copyWhileItIsKilled("from.csv");
    }

    @Test
    void shouldCopyEachRowOfParquetWhenTheProcessIsKilled() throws Exception {
        List<Row> rows = IntStream.range(0, ROWS).mapToObj(Row::new).toList();
        Writing.write(
                Parquet.replacing(directory.resolve("from.parquet"), Row.class),
                List.of(PipelineRecord.of(rows, "0", 0)));

        copyWhileItIsKilled("from.parquet");
    }

    private void copyWhileItIsKilled(String name) throws Exception {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            long enough = size() + 1_000 + random.nextInt(20_000);
            Process process = start(name, 4_000, ROWS_OF_ONE);
            try {
                long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
                while (size() < enough) {
                    assertThat(process.isAlive()).as("seed %d", seed).isTrue();
                    assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
                    LockSupport.parkNanos(1_000_000);
                }
                LockSupport.parkNanos(random.nextInt(20_000_000));
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(start(name, 1e6, ROWS).waitFor()).isZero();
        List<Integer> copied = copied();

        int end = 0;
        int again = 0;
        for (int number : copied) {
            assertThat(number).as("seed %d: behind what has been copied", seed).isLessThanOrEqualTo(end);
            again += number < end ? 1 : 0;
            end = Math.max(end, number + 1);
        }
        assertThat(end).isEqualTo(ROWS);
        System.out.println(KILLS + " kills, " + ROWS + " rows, " + again + " of them copied again");

        assertThat(start(name, 1e6, ROWS).waitFor()).isZero();
        assertThat(copied()).as("after a good end nothing comes again").hasSameSizeAs(copied);
    }

    private long size() throws IOException {
        Path file = directory.resolve("to.csv");
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private List<Integer> copied() throws Exception {
        return Reading.of(Csv.source(directory.resolve("to.csv"), Row.class)).stream()
                .map(Row::number)
                .toList();
    }

    private Process start(String name, double rowsPerSecond, int atMost) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PositionKilledIT.class.getName(),
                        directory.toString(),
                        name,
                        String.valueOf(rowsPerSecond),
                        String.valueOf(atMost))
                .inheritIO()
                .start();
    }
}
