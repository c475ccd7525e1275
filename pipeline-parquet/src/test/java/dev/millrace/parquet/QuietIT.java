package dev.millrace.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.files.internal.NamedFile;
import dev.millrace.pipeline.record.PipelineRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees who has logs on the console: nothing that is not ours. */
class QuietIT {

    @TempDir
    Path directory;

    record Row(int number, String text) {}

    /** Writes and reads files in all forms. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        for (Compression compression : Compression.values()) {
            Path file = directory.resolve(compression + ".parquet");
            List<Row> rows = List.of(new Row(1, "x"), new Row(2, "y"));
            ParquetSink<Collection<? extends Row>> sink =
                    Parquet.replacing(file, Row.class).compression(compression);
            Writing.write(sink, List.of(PipelineRecord.of(rows, "0", 0)));
            try (RowReader<Row> reader = RowReader.open(NamedFile.of(file), RowType.of(Row.class))) {
                while (reader.next() != null) {
                    // Goes on.
                }
            }
        }
    }

    @Test
    void shouldSayNothingWhenFilesAreWrittenAndRead() throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            // Else the JVM itself warns of native libraries.
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), QuietIT.class.getName(), directory.toString()));
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(output).content().isEmpty();
        assertThat(process.exitValue()).isZero();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(1 + Compression.values().length);
        }
    }
}
