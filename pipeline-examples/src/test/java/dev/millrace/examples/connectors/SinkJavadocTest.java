package dev.millrace.examples.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.testkit.PipelineTestDriver;
import dev.millrace.testkit.contract.SinkContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sink that the Javadoc of {@link Sink} shows. */
class SinkJavadocTest extends SinkContract<String> {

    static final JavadocExample LINES = JavadocExample.of(Sink.class);

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("lines");
    }

    @Override
    protected Sink<String> sink() {
        return LINES.make(file());
    }

    @Override
    protected String value(int number) {
        return "line " + number;
    }

    @Override
    protected Collection<String> stored() throws IOException {
        return Files.exists(file()) ? Files.readAllLines(file()) : List.of();
    }

    @Override
    protected boolean keepsOrder() {
        return true;
    }

    @Override
    protected Optional<String> refused() {
        return Optional.of("two\nlines");
    }

    @Test
    void shouldCutOffWhatACrashHasLeftOfALine() throws IOException {
        Files.writeString(file(), "one\ntw");

        try (PipelineTestDriver driver = PipelineTestDriver.create()) {
            driver.start(
                    Pipeline.named("lines").from(Sources.of("two", "three")).to(sink()));
            driver.run();
        }
        assertThat(stored()).containsExactly("one", "two", "three");
    }
}
