package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.runtime.PipelineRunner;
import dev.millrace.pipeline.runtime.RunningPipeline;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacingTest {

    @TempDir
    Path directory;

    record GenreCount(@Nullable String genre, double count) {}

    private static final GenreCount DRAMA = new GenreCount("Drama", 2);
    private static final GenreCount COMEDY = new GenreCount("Comedy", 3);

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("genres.csv");
    }

    private Sink<Collection<? extends GenreCount>> csv() {
        return Csv.replacing(file, GenreCount.class);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @Test
    void shouldHoldTheLastSnapshotWhenAPipelineHasRun() throws Exception {
        Pipeline pipeline = Pipeline.named("genres")
                .from(Sources.of(List.of(DRAMA), List.of(DRAMA, COMEDY)))
                .to(csv());

        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            running.awaitTermination();
        }

        assertThat(file).hasContent("genre,count\nDrama,2.0\nComedy,3.0\n");
        assertThat(files()).containsExactly(file);
        assertThat(pipeline.describe()).contains("CSV file " + file);
    }

    @Test
    void shouldNeverShowAPartOfASnapshotWhenOneReplacesAnother() throws Exception {
        List<List<GenreCount>> snapshots = new ArrayList<>();
        for (int i = 1; i <= 300; i++) {
            snapshots.add(Collections.nCopies(i, new GenreCount("genre", i)));
        }
        Writing.write(csv(), List.of(new GenreCount("genre", 1)));
        Pipeline pipeline = Pipeline.named("genres")
                .from(Sources.of(snapshots))
                .to(csv(), StageOptions.with().batch(BatchPolicy.upTo(1)));

        try (RunningPipeline running = PipelineRunner.create().start(pipeline)) {
            do {
                List<GenreCount> rows = Outcome.of(
                                Csv.source(file, GenreCount.class).unwrapped())
                        .values();
                assertThat(rows).hasSize((int) rows.get(0).count()).containsOnly(rows.get(0));
            } while (!running.state().isFinal());
            running.awaitTermination();
        }

        assertThat(Reading.of(Csv.source(file, GenreCount.class)).values()).hasSize(300);
    }

    @Test
    void shouldWriteTheLastThatCanBeWrittenWhenSeveralComeAtOnce() throws Exception {
        List<GenreCount> bad = List.of(DRAMA, new GenreCount("secret", Double.NaN));

        WriteResult result = Writing.write(csv(), bad, List.of(DRAMA), List.of(COMEDY), bad);

        assertThat(file).hasContent("genre,count\nComedy,3.0\n");
        assertThat(result.failures()).containsOnlyKeys(3);
        assertThat(files()).containsExactly(file);
    }

    @Test
    void shouldLeaveTheFormerSnapshotWhenTheNextIsRefused() throws Exception {
        Writing.write(csv(), List.of(DRAMA));

        WriteResult result = Writing.write(csv(), List.of(COMEDY, new GenreCount("x", Double.NaN)));

        assertThat(result.failures()).containsOnlyKeys(0);
        assertThat(file).hasContent("genre,count\nDrama,2.0\n");
        assertThat(files()).containsExactly(file);
    }

    @Test
    void shouldWriteTheHeaderAloneWhenTheSnapshotIsEmpty() throws Exception {
        Writing.write(csv(), List.of(DRAMA));
        Writing.write(csv(), List.of());

        assertThat(file).hasContent("genre,count\n");
    }

    @Test
    void shouldPackWhenTheNameEndsInGz() throws Exception {
        Path packed = directory.resolve("genres.jsonl.gz");
        Writing.write(Json.replacing(packed, GenreCount.class), List.of(DRAMA, COMEDY));

        assertThat(Files.readAllBytes(packed)).startsWith(0x1f, 0x8b);
        assertThat(Reading.of(Json.lines(packed, GenreCount.class)).values()).containsExactly(DRAMA, COMEDY);
    }

    @Test
    void shouldReplaceWhatALinkLeadsToWhenThePathIsOne() throws Exception {
        Path target = Files.createDirectory(directory.resolve("data")).resolve("genres.csv");
        Files.createFile(target);
        try {
            Files.createSymbolicLink(file, target);
        } catch (FileSystemException | UnsupportedOperationException e) {
            assumeTrue(false, "no links on this system");
        }

        Writing.write(csv(), List.of(DRAMA));

        assertThat(file).isSymbolicLink();
        assertThat(target).hasContent("genre,count\nDrama,2.0\n");
    }

    @Test
    void shouldRemoveWhatADeadWriterLeftAndNotWhatALivingOneWrites() throws Exception {
        Path left = Files.createFile(directory.resolve(".genres.csv." + UUID.randomUUID() + ".tmp"));
        Path living = Files.createFile(directory.resolve(".genres.csv." + new UUID(0, 0) + ".tmp"));
        Path mine = Files.createFile(directory.resolve(".genres.csv.mine.tmp"));
        Path other = Files.createFile(directory.resolve(".other.csv." + new UUID(0, 0) + ".tmp"));
        try (FileChannel channel = FileChannel.open(living, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            csv().open(CONTEXT).close();
        }

        assertThat(left).doesNotExist();
        assertThat(files()).containsExactly(living, mine, other);
    }

    @Test
    void shouldStartWhenSomethingOfThatNameCannotBeRemoved() throws Exception {
        Path odd = Files.createDirectory(directory.resolve(".genres.csv." + UUID.randomUUID() + ".tmp"));

        Writing.write(csv(), List.of(DRAMA));

        assertThat(files()).containsExactly(odd, file);
    }

    @Test
    void shouldKeepThePermissionsOfTheFileThatIsReplaced() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "no such permissions");
        for (String permissions : List.of("rw-------", "rw-rw-rw-", "rw-r-----")) {
            Files.writeString(file, "");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

            Writing.write(csv(), List.of(DRAMA));

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo(permissions);
        }
    }

    @Test
    void shouldWriteWhereALinkLeadsWhenThereIsNoFileYet() throws Exception {
        Path target = Files.createDirectory(directory.resolve("data")).resolve("genres.csv");
        Path loop = directory.resolve("loop");
        try {
            Files.createSymbolicLink(file, Path.of("data/second"));
            Files.createSymbolicLink(directory.resolve("data/second"), target);
            Files.createSymbolicLink(loop, loop);
        } catch (FileSystemException | UnsupportedOperationException e) {
            assumeTrue(false, "no links on this system");
        }

        Writing.write(csv(), List.of(DRAMA));

        assertThat(file).isSymbolicLink();
        assertThat(target).isRegularFile().hasContent("genre,count\nDrama,2.0\n");
        assertThatThrownBy(() -> Csv.replacing(loop, GenreCount.class).open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(loop + ": ");
    }

    @Test
    void shouldNotStartAndNameThePathWhenItCannotBeWritten() {
        Path missing = directory.resolve("missing/genres.csv");

        assertThatThrownBy(() -> Csv.replacing(missing, GenreCount.class).open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage(missing + ": its directory does not exist");
        assertThatThrownBy(() -> Csv.replacing(directory, GenreCount.class).open(CONTEXT))
                .hasMessage(directory + ": is a directory, not a file");
    }

    @Test
    void shouldNotStartWhenTheRightToWriteIsMissing() {
        assumeTrue(directory.toFile().setWritable(false), "no rights on this system");
        try {
            assumeTrue(!Files.isWritable(directory), "whoever runs this test may write everything");
            assertThatThrownBy(() -> csv().open(CONTEXT)).hasMessage(file + ": may not be written");
        } finally {
            assertThat(directory.toFile().setWritable(true)).isTrue();
        }
    }

    @Test
    void shouldWaitAndNameThePathWhenTheDirectoryGoesAwayAndComesBack() throws Exception {
        Path parent = Files.createDirectory(directory.resolve("parent"));
        Path there = parent.resolve("genres.csv");
        try (SinkWriter<Collection<? extends GenreCount>> writer =
                Csv.replacing(there, GenreCount.class).open(CONTEXT)) {
            Files.delete(parent);

            assertThatThrownBy(() -> Writing.batch(writer, List.of(List.of(DRAMA))))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage(there + ": its directory does not exist");

            Files.createDirectory(parent);
            Writing.batch(writer, List.of(List.of(DRAMA)));
            assertThat(there).hasContent("genre,count\nDrama,2.0\n");
        }
    }
}
