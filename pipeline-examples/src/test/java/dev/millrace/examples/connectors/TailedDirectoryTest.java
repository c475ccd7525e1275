package dev.millrace.examples.connectors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.ResumedSource;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.state.StateDirectory;
import dev.millrace.testkit.contract.SourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailedDirectoryTest extends SourceContract<String> {

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(temporary.resolve("lines"));
    }

    @Override
    protected Source<String> source() {
        return ResumedSource.of(
                new TailedDirectory(directory),
                StateDirectory.at(temporary.resolve("positions")),
                line -> line.getBytes(UTF_8));
    }

    @Override
    protected String value(int number) {
        return "line " + number;
    }

    @Override
    protected void add(List<String> values) throws IOException {
        for (int i = 0; i < values.size(); i++) {
            append("file" + i % 2, values.get(i) + "\n");
        }
    }

    private void append(String file, String text) throws IOException {
        Files.writeString(directory.resolve(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void shouldWaitForTheEndOfALine() throws Exception {
        append("file", "one\ntw");
        try (TailedFile file = new TailedFile(directory.resolve("file"))) {
            assertThat(read(file)).containsExactly("one");
            append("file", "o\n\nthree");
            assertThat(read(file)).containsExactly("two", "");
        }
    }

    private static List<String> read(TailedFile file) throws IOException {
        List<PipelineRecord<String>> lines = new ArrayList<>();
        file.read(10, lines);
        return lines.stream().map(PipelineRecord::value).toList();
    }

    @Override
    protected boolean keepsPosition() {
        return true;
    }
}
