package dev.millrace.parquet;

import static dev.millrace.parquet.TestContext.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendingTest {

    @TempDir
    Path temporary;

    private Path directory;

    record Row(long number, String text) {}

    @BeforeEach
    void nameDirectory() {
        directory = temporary.resolve("silver");
    }

    private ParquetSink<Row> sink() {
        return Parquet.appending(directory, Row.class);
    }

    /** Of the offset, and of the time that a record there has in this life of its partition. */
    private static PipelineRecord<Row> at(String partition, long offset, String text) {
        return PipelineRecord.of(new Row(offset, text), partition, offset).withTimestamp(1_000 + offset);
    }

    private static List<PipelineRecord<Row>> records(String partition, long first, long last) {
        List<PipelineRecord<Row>> records = new ArrayList<>();
        for (long offset = first; offset <= last; offset++) {
            records.add(at(partition, offset, "x"));
        }
        return records;
    }

    private void write(List<PipelineRecord<Row>> records) throws Exception {
        assertThat(Writing.write(sink(), records).failures()).isEmpty();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(".millrace.lock"))
                    .sorted()
                    .toList();
        }
    }

    /** The numbers, by another reader. */
    private List<Long> numbers() throws Exception {
        return DuckDb.query("select number from $ order by number", directory.resolve("*.parquet")).stream()
                .map(row -> Long.valueOf(row.get(0)))
                .toList();
    }

    @Test
    void shouldWriteAFilePerPartitionNamedByItsOffsets() throws Exception {
        List<PipelineRecord<Row>> batch = new ArrayList<>(records("movies-0", 5, 7));
        batch.addAll(records("movies-1", 0, 0));

        write(batch);

        assertThat(files()).containsExactly("movies-0-5-7.parquet", "movies-1-0-0.parquet");
        assertThat(numbers()).containsExactly(0L, 5L, 6L, 7L);
        assertThat(Reading.of(Parquet.source(directory, Row.class).glob("movies-0*.parquet")))
                .containsExactly(new Row(5, "x"), new Row(6, "x"), new Row(7, "x"));
    }

    @Test
    void shouldHoldEachRowOnceWhenBatchesComeAgainWithOtherBounds() throws Exception {
        write(records("p", 0, 9));
        write(records("p", 10, 19));

        write(records("p", 5, 24));
        write(records("p", 0, 24));
        write(records("p", 24, 25));

        assertThat(files()).containsExactly("p-0-9.parquet", "p-10-19.parquet", "p-20-24.parquet", "p-25-25.parquet");
        assertThat(numbers()).hasSize(26).doesNotHaveDuplicates();
    }

    @Test
    void shouldWriteAnOffsetThatAFileLeftOut() throws Exception {
        write(List.of(at("p", 5, "x"), at("p", 7, "x")));

        write(records("p", 4, 8));

        assertThat(numbers()).containsExactly(4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void shouldWriteTheRowsOfARecordThatNoFileHasWhenABatchEndedBetweenThem() throws Exception {
        List<PipelineRecord<Row>> ofOne = List.of(at("p", 5, "a"), at("p", 5, "b"), at("p", 5, "a"), at("p", 5, "a"));
        write(ofOne.subList(0, 2));
        assertThat(numbers()).hasSize(2);

        write(ofOne);
        write(ofOne);

        assertThat(DuckDb.query("select text from $ order by text", directory.resolve("*.parquet")))
                .containsExactly(List.of("a"), List.of("a"), List.of("a"), List.of("b"));
        assertThat(files()).containsExactly("p-5-5+1.parquet", "p-5-5.parquet");
    }

    @Test
    void shouldWriteEqualRowsOfOneRecordThatComeInTwoBatches() throws Exception {
        try (SinkWriter<Row> writer = sink().open(CONTEXT)) {
            Writing.batch(writer, List.of(at("p", 4, "a"), at("p", 5, "a").forSink(null, new Row(5, "a"), 10)));
            Writing.batch(writer, List.of(at("p", 5, "a").forSink(null, new Row(5, "a"), 11)));
            assertThat(numbers()).containsExactly(4L, 5L, 5L);

            // An attempt that comes again, since its answer came too late.
            Writing.batch(writer, List.of(at("p", 5, "a").forSink(null, new Row(5, "a"), 11)));
        }

        assertThat(numbers()).containsExactly(4L, 5L, 5L);
    }

    @Test
    void shouldWriteWhatIsNotCertainToBeThere() throws Exception {
        write(records("p", 0, 1));
        PipelineRecord<Row> same = at("p", 0, "x");

        // Offsets that begin anew, a value that is another one, another partition, and a record without time.
        write(List.of(same.withTimestamp(2_000)));
        write(List.of(same.withValue(new Row(0, "y"))));
        write(List.of(at("q", 0, "x")));
        write(List.of(PipelineRecord.of(new Row(0, "x"), "r", 0)));
        write(List.of(PipelineRecord.of(new Row(0, "x"), "r", 0)));
        assertThat(numbers()).containsExactly(0L, 0L, 0L, 0L, 0L, 0L, 1L);

        // Another pipeline.
        SinkWriter<Row> other = sink().open(new TestContext(100) {
            @Override
            public String pipeline() {
                return "other";
            }
        });
        Writing.batch(other, List.of(same));
        other.close();
        assertThat(numbers()).hasSize(8);
    }

    @Test
    void shouldKeepOutOfEachOthersWayWhenTwoInstancesWrite() throws Exception {
        try (SinkWriter<Row> late = sink().open(CONTEXT);
                SinkWriter<Row> next = sink().open(CONTEXT)) {
            Writing.batch(late, records("p", 0, 4));
            Writing.batch(next, records("p", 3, 9));
            Writing.batch(late, records("p", 5, 14));
            Writing.batch(next, records("p", 10, 19));
        }

        assertThat(numbers()).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void shouldHoldEachRowOnceWhenInstancesWriteTheSameAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                int size = 30 * i;
                writers.add(threads.submit(() -> {
                    try (SinkWriter<Row> writer = sink().open(CONTEXT)) {
                        for (int first = 0; first < 720; first += size) {
                            writeInTurn(writer, records("p", first, Math.min(first + size, 720) - 1));
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> writer : writers) {
                writer.get(5, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(numbers()).hasSize(720).doesNotHaveDuplicates();
    }

    /** As the engine does, where others keep the lock for long. */
    private static void writeInTurn(SinkWriter<Row> writer, List<PipelineRecord<Row>> records) throws Exception {
        while (true) {
            try {
                Writing.batch(writer, records);
                return;
            } catch (UnavailableException e) {
                assertThat(e).hasMessageContaining("is being written by someone else");
            }
        }
    }

    @Test
    void shouldHoldEachRowOnceWhenAPipelineReadsAllOfItAgain() throws Exception {
        List<Long> expected = LongStream.range(0, 100)
                .filter(number -> number % 3 != 0)
                .boxed()
                .flatMap(number -> Collections.nCopies(1 + (int) (number % 4), number).stream())
                .toList();
        for (int size : List.of(7, 100, 13)) {
            Pipeline pipeline = Pipeline.named("silver")
                    .from(hundred())
                    .filter(row -> row.number() % 3 != 0)
                    .flatMap(row -> Collections.nCopies(1 + (int) (row.number() % 4), row))
                    .to(sink(), StageOptions.with().batch(BatchPolicy.of(size, Duration.ofMinutes(1))));

            try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
                running.awaitTermination();
            }

            assertThat(numbers()).isEqualTo(expected);
        }
    }

    private static Source<Row> hundred() {
        return context -> new SourceReader<>() {
            private boolean isRead;

            @Override
            public List<PipelineRecord<Row>> poll(Duration timeout) {
                isRead = true;
                return records("p", 0, 99);
            }

            @Override
            public boolean isExhausted() {
                return isRead;
            }
        };
    }

    @Test
    void shouldWriteAgainWhatCannotBeReadAnyMore() throws Exception {
        write(records("p", 0, 3));
        Path file = directory.resolve("p-0-3.parquet");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));

        write(records("p", 0, 3));

        Files.delete(file);
        assertThat(numbers()).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void shouldNotTakeFilesOfOthersForItsOwn() throws Exception {
        Files.createDirectory(directory);
        DuckDb.run(
                "copy (select 0::bigint as number, 'x' as text) to $ (format parquet)",
                directory.resolve("p-0-9.parquet"));

        write(records("p", 0, 9));

        assertThat(files()).containsExactly("p-0-9+1.parquet", "p-0-9.parquet");
        assertThat(numbers()).hasSize(11);
    }

    @Test
    void shouldNameFilesSoThatAFileSystemTakesThem() throws Exception {
        String longest = "t".repeat(249) + "-3";
        for (String partition : List.of("a/b.csv", ".hidden", "\u00e4 b", longest, "p-1-2")) {
            write(records(partition, 1, 2));
            write(records(partition, 1, 2));
        }

        assertThat(files())
                .containsExactly(
                        "%2ehidden-1-2.parquet",
                        "%c3%a4%20b-1-2.parquet",
                        "a%2fb.csv-1-2.parquet",
                        "p-1-2-1-2.parquet",
                        "t".repeat(100) + "~" + Integer.toHexString(longest.hashCode()) + "-1-2.parquet");
        assertThat(numbers()).hasSize(10);
    }

    @Test
    void shouldRefuseTheRowAndWriteTheOthers() throws Exception {
        List<PipelineRecord<Row>> batch = List.of(at("p", 0, "x"), at("p", 1, "\uD83D"), at("p", 2, "x"));

        assertThat(Writing.write(sink(), batch).failures()).containsOnlyKeys(1);
        assertThat(Writing.write(sink(), batch.subList(1, 2)).failures()).containsOnlyKeys(0);

        assertThat(numbers()).containsExactly(0L, 2L);
    }

    @Test
    void shouldRemoveWhatADeadWriterLeftAndNotWhatALivingOneWrites() throws Exception {
        Files.createDirectory(directory);
        Files.createFile(directory.resolve(".p-0-9.parquet." + UUID.randomUUID() + ".tmp"));
        String living = ".p-0-9.parquet." + new UUID(0, 0) + ".tmp";
        String other = ".other.csv." + new UUID(0, 0) + ".tmp";
        Files.createFile(directory.resolve(other));
        try (FileChannel channel = FileChannel.open(
                        directory.resolve(living), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            sink().open(CONTEXT).close();
        }

        assertThat(files()).containsExactly(other, living);
    }

    @Test
    void shouldWaitAndNameTheDirectoryWhenItGoesAway() throws Exception {
        try (SinkWriter<Row> writer = sink().open(CONTEXT)) {
            Files.delete(directory.resolve(".millrace.lock"));
            Files.delete(directory);
            assertThatThrownBy(() -> Writing.batch(writer, records("p", 0, 1)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage(directory + ": its directory does not exist");

            Files.createDirectory(directory);
            Writing.batch(writer, records("p", 0, 1));
        }

        assertThat(numbers()).containsExactly(0L, 1L);
    }

    @Test
    void shouldNotStartWhenThereCanBeNoDirectory() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));
        Path missing = temporary.resolve("missing/silver");

        assertThatThrownBy(() -> Parquet.appending(file, Row.class).open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": is no directory");
        assertThatThrownBy(() -> Parquet.appending(missing, Row.class).open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage(missing + ": its directory does not exist");
    }

    @Test
    void shouldWriteNothingOnceItIsClosed() throws Exception {
        SinkWriter<Row> writer = sink().open(CONTEXT);
        writer.close();

        assertThatThrownBy(() -> Writing.batch(writer, records("p", 0, 1)))
                .isInstanceOf(UnavailableException.class)
                .hasMessage(directory + ": the pipeline has been closed");
        assertThat(files()).isEmpty();
    }
}
