package dev.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that appends is killed again and again, and its successor goes on. How many of the kills come in the middle
 * of a row is up to the machine, and printed; {@link AppendingTest} cuts a file at each of its bytes.
 */
class AppendingKilledIT {

    private static final int KILLS = Integer.getInteger("millrace.kills", 4);

    /** More than are waited for, and few enough to be read, however late the process is killed. */
    private static final int MOST_BATCHES = 60;

    @TempDir
    Path directory;

    record Row(int number, String text) {

        static Row of(int number) {
            return new Row(number, "row \"" + number + "\"\n" + "x".repeat(number % 997));
        }
    }

    /** Appends rows, from a number on, and says what is acknowledged. */
    public static void main(String[] arguments) throws Exception {
        int next = Integer.parseInt(arguments[1]);
        Random random = new Random(next);
        try (SinkWriter<Row> writer =
                Csv.appending(Path.of(arguments[0]), Row.class).open(TestContext.CONTEXT)) {
            for (int acknowledged = 0; acknowledged < MOST_BATCHES; acknowledged++) {
                List<Row> batch = new ArrayList<>();
                for (int i = random.nextInt(2_000); i >= 0; i--) {
                    batch.add(Row.of(next++));
                }
                Writing.batch(writer, batch);
                System.out.println(next);
            }
            System.in.read(); // until it is killed
        }
    }

    @Test
    void shouldHoldEachAcknowledgedRowWholeAndInOrderWhenTheProcessIsKilled() throws Exception {
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        Random random = new Random(seed);
        Path file = directory.resolve("rows.csv");
        int next = 0;
        int torn = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            int acknowledged = killedAfter(file, next, 1 + random.nextInt(15), random);
            byte[] left = Files.readAllBytes(file);
            torn += left[left.length - 1] == '\n' ? 0 : 1;

            Csv.appending(file, Row.class).open(TestContext.CONTEXT).close();

            Outcome<CsvRow, Row> rows = Outcome.of(Csv.source(file, Row.class).unwrapped());
            assertThat(rows.problem()).as("seed %d", seed).isEqualTo("none");
            assertThat(rows.refused()).as("seed %d", seed).isEmpty();
            next = rows.values().size();
            assertThat(next).as("seed %d", seed).isGreaterThanOrEqualTo(acknowledged);
            for (int i = 0; i < next; i++) {
                assertThat(rows.values().get(i)).as("seed %d", seed).isEqualTo(Row.of(i));
            }
        }
        System.out.println(KILLS + " kills, " + torn + " of them in the middle of a row, " + next + " rows");
    }

    /** The number of rows that were acknowledged before the process was killed. */
    private int killedAfter(Path file, int next, int acknowledgements, Random random) throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AppendingKilledIT.class.getName(),
                        file.toString(),
                        String.valueOf(next))
                .redirectOutput(output.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
            while (lines(output).size() < acknowledgements) {
                assertThat(process.isAlive()).as(() -> lines(output).toString()).isTrue();
                assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
                LockSupport.parkNanos(1_000_000);
            }
            LockSupport.parkNanos(random.nextInt(20_000_000));
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        List<String> lines = lines(output);
        return Integer.parseInt(lines.get(lines.size() - 1));
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
