package dev.millrace.parquet;

import static dev.millrace.parquet.TestContext.CONTEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real file system of 256 KiB, which takes a right to mount one. */
class FullDiskTest {

    @TempDir
    Path disk;

    record Row(int number, String text) {}

    private boolean isMounted;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()),
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

    /** Of texts that cannot be packed. */
    private static List<PipelineRecord<Row>> records(int from, int count) {
        List<PipelineRecord<Row>> records = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            String text = new Random(i)
                    .ints(1_000, ' ', '~')
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            records.add(PipelineRecord.of(new Row(i, text), "p", i).withTimestamp(i));
        }
        return records;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(disk)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldLeaveNothingOfTheBatchAndGoOnOnceThereIsRoomWhenRowsAreAppended() throws Exception {
        Path other = Files.write(disk.resolve("other"), new byte[160_000]);
        try (SinkWriter<Row> writer = Parquet.appending(disk, Row.class).open(CONTEXT)) {
            Writing.batch(writer, records(0, 40));

            assertThatThrownBy(() -> Writing.batch(writer, records(40, 90)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage(disk + ": No space left on device");
            assertThat(files()).containsExactly(".millrace.lock", "other", "p-0-39.parquet");

            Files.delete(other);
            Writing.batch(writer, records(40, 90));
        }

        assertThat(files()).containsExactly(".millrace.lock", "p-0-39.parquet", "p-40-129.parquet");
        assertThat(DuckDb.query("select count(distinct number), count(*) from $", disk.resolve("*.parquet")))
                .containsExactly(List.of("130", "130"));
    }
}
