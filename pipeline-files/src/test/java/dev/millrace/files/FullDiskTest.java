package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real file system of 128 KiB, which takes a right to mount one. */
class FullDiskTest {

    @TempDir
    Path disk;

    record Row(int number, String text) {}

    private static final String TEXT = "x".repeat(1_000);

    private boolean isMounted;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", disk.toString()),
                "a small file system cannot be mounted here");
        isMounted = true;
    }

    @AfterEach
    void unmount() throws Exception {
        if (isMounted) {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException thereIsNoSuchCommand) {
            return false;
        }
    }

    private static List<Row> rows(int from, int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            rows.add(new Row(i, TEXT));
        }
        return rows;
    }

    @Test
    void shouldTakeTheBatchBackAndGoOnOnceThereIsRoomWhenRowsAreAppended() throws Exception {
        Path file = disk.resolve("rows.csv");
        Path other = Files.write(disk.resolve("other"), new byte[60_000]);
        try (SinkWriter<Row> writer = Csv.appending(file, Row.class).open(CONTEXT)) {
            Writing.batch(writer, rows(0, 40));
            long before = Files.size(file);

            assertThatThrownBy(() -> Writing.batch(writer, rows(40, 50)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage(file + ": No space left on device");
            assertThat(Files.size(file)).isEqualTo(before);
            assertThatThrownBy(() -> Writing.batch(writer, rows(40, 50))).isInstanceOf(UnavailableException.class);
            Writing.batch(writer, rows(40, 1));
            Files.delete(other);
            Writing.batch(writer, rows(41, 49));
        }

        assertThat(Reading.of(Csv.source(file, Row.class)).values()).isEqualTo(rows(0, 90));
    }

    @Test
    void shouldLeaveTheFormerSnapshotAndNothingElseWhenRowsAreReplaced() throws Exception {
        Path file = disk.resolve("rows.csv");
        try (SinkWriter<Collection<? extends Row>> writer =
                Csv.replacing(file, Row.class).open(CONTEXT)) {
            Writing.batch(writer, Collections.singletonList(rows(0, 40)));

            assertThatThrownBy(() -> Writing.batch(writer, Collections.singletonList(rows(0, 100))))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage(file + ": No space left on device");

            assertThat(Reading.of(Csv.source(file, Row.class)).values()).isEqualTo(rows(0, 40));
            try (Stream<Path> files = Files.list(disk)) {
                assertThat(files).containsExactly(file);
            }
            Writing.batch(writer, Collections.singletonList(rows(0, 50)));
        }

        assertThat(Reading.of(Csv.source(file, Row.class)).values()).isEqualTo(rows(0, 50));
    }
}
