package dev.millrace.parquet;

import static dev.millrace.parquet.TestContext.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.files.internal.NamedFile;
import dev.millrace.pipeline.Aggregators;
import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.Aggregation;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacingTest {

    @TempDir
    Path directory;

    record GenreCount(String genre, long count) {}

    private static final GenreCount DRAMA = new GenreCount("Drama", 2);
    private static final GenreCount COMEDY = new GenreCount("Comedy", 3);

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("genres.parquet");
    }

    private Sink<Collection<? extends GenreCount>> sink() {
        return Parquet.replacing(file, GenreCount.class);
    }

    private static WriteResult write(Sink<Collection<? extends GenreCount>> sink, List<List<GenreCount>> snapshots)
            throws Exception {
        try (SinkWriter<Collection<? extends GenreCount>> writer = sink.open(CONTEXT)) {
            return batch(writer, snapshots);
        }
    }

    private static WriteResult batch(
            SinkWriter<Collection<? extends GenreCount>> writer, List<List<GenreCount>> snapshots) throws Exception {
        List<PipelineRecord<Collection<? extends GenreCount>>> batch = new ArrayList<>();
        for (List<GenreCount> snapshot : snapshots) {
            batch.add(PipelineRecord.of(snapshot, "0", batch.size()));
        }
        return Writing.batch(writer, batch);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private List<List<String>> rows() throws Exception {
        return DuckDb.query("select genre, count from $", file);
    }

    @Test
    void shouldHoldTheLastSnapshotOfAnAggregate() throws Exception {
        Pipeline pipeline = Pipeline.named("genres")
                .from(Sources.of("Drama", "Comedy", "Comedy", "Drama", "Comedy"))
                .keyBy(genre -> genre)
                .snapshots(Aggregators.counting(), GenreCount::new, Aggregation.keptIn(StateStore.none()))
                .to(sink());

        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }

        assertThat(rows()).containsExactlyInAnyOrder(List.of("Drama", "2"), List.of("Comedy", "3"));
        assertThat(files()).containsExactly(file);
        assertThat(pipeline.describe()).contains("Parquet file " + file);
    }

    @Test
    void shouldNeverShowAPartOfASnapshotWhenOneReplacesAnother() throws Exception {
        List<List<GenreCount>> snapshots = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            snapshots.add(Collections.nCopies(i, new GenreCount("genre", i)));
        }
        write(sink(), snapshots.subList(0, 1));
        Pipeline pipeline = Pipeline.named("genres")
                .from(Sources.of(snapshots))
                .to(sink(), StageOptions.with().batch(BatchPolicy.upTo(1)));

        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            do {
                List<GenreCount> rows = new ArrayList<>();
                try (RowReader<GenreCount> reader = RowReader.open(NamedFile.of(file), RowType.of(GenreCount.class))) {
                    for (var row = reader.next(); row != null; row = reader.next()) {
                        rows.add(row.value());
                    }
                }
                assertThat(rows).hasSize((int) rows.get(0).count()).containsOnly(rows.get(0));
            } while (!running.state().isFinal());
            running.awaitTermination();
        }

        assertThat(rows()).hasSize(100);
    }

    @Test
    void shouldWriteTheLastThatCanBeWrittenWhenSeveralComeAtOnce() throws Exception {
        List<GenreCount> bad = List.of(DRAMA, new GenreCount("secret\uD83D", 1));

        WriteResult result = write(sink(), List.of(bad, List.of(DRAMA), List.of(COMEDY), bad));

        assertThat(rows()).containsExactly(List.of("Comedy", "3"));
        assertThat(result.failures()).containsOnlyKeys(3);
        assertThat(files()).containsExactly(file);
    }

    @Test
    void shouldLeaveTheFormerSnapshotWhenTheNextIsRefused() throws Exception {
        write(sink(), List.of(List.of(DRAMA)));

        WriteResult result = write(sink(), List.of(List.of(COMEDY, new GenreCount("\uD83D", 1))));

        assertThat(result.failures()).containsOnlyKeys(0);
        assertThat(rows()).containsExactly(List.of("Drama", "2"));
        assertThat(files()).containsExactly(file);
    }

    @Test
    void shouldWriteNoRowsWhenTheSnapshotIsEmpty() throws Exception {
        write(sink(), List.of(List.of(DRAMA)));
        write(sink(), List.of(List.of()));

        assertThat(rows()).isEmpty();
        assertThat(Reading.of(Parquet.source(file, GenreCount.class))).isEmpty();
    }

    @Test
    void shouldReplaceWhatALinkLeadsToWhenThePathIsOne() throws Exception {
        Path target = Files.createDirectory(directory.resolve("data")).resolve("genres.parquet");
        Files.createFile(target);
        try {
            Files.createSymbolicLink(file, target);
        } catch (FileSystemException | UnsupportedOperationException e) {
            assumeTrue(false, "no links on this system");
        }

        write(sink(), List.of(List.of(DRAMA)));

        assertThat(file).isSymbolicLink();
        assertThat(rows()).containsExactly(List.of("Drama", "2"));
    }

    @Test
    void shouldRemoveWhatADeadWriterLeftAndNotWhatALivingOneWrites() throws Exception {
        Path left = Files.createFile(directory.resolve(".genres.parquet." + UUID.randomUUID() + ".tmp"));
        Path living = Files.createFile(directory.resolve(".genres.parquet." + new UUID(0, 0) + ".tmp"));
        Path other = Files.createFile(directory.resolve(".other.parquet." + new UUID(0, 0) + ".tmp"));
        try (FileChannel channel = FileChannel.open(living, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            sink().open(CONTEXT).close();
        }

        assertThat(left).doesNotExist();
        assertThat(files()).containsExactly(living, other);
    }

    @Test
    void shouldKeepThePermissionsOfTheFileThatIsReplaced() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "no such permissions");
        for (String permissions : List.of("rw-------", "rw-rw-rw-", "rw-r-----")) {
            Files.writeString(file, "");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

            write(sink(), List.of(List.of(DRAMA)));

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo(permissions);
        }
    }

    @Test
    void shouldNotStartAndNameThePathWhenItCannotBeWritten() {
        Path missing = directory.resolve("missing/genres.parquet");

        assertThatThrownBy(() -> Parquet.replacing(missing, GenreCount.class).open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage(missing + ": its directory does not exist");
        assertThatThrownBy(() -> Parquet.replacing(directory, GenreCount.class).open(CONTEXT))
                .hasMessage(directory + ": is a directory, not a file");
    }

    @Test
    void shouldWaitAndNameThePathWhenTheDirectoryGoesAwayAndComesBack() throws Exception {
        Path parent = Files.createDirectory(directory.resolve("parent"));
        file = parent.resolve("genres.parquet");
        try (SinkWriter<Collection<? extends GenreCount>> writer = sink().open(CONTEXT)) {
            Files.delete(parent);

            assertThatThrownBy(() -> batch(writer, List.of(List.of(DRAMA))))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage(file + ": its directory does not exist");

            Files.createDirectory(parent);
            batch(writer, List.of(List.of(DRAMA)));
        }

        assertThat(rows()).containsExactly(List.of("Drama", "2"));
    }
}
