package dev.millrace.examples.connectors;

import dev.millrace.pipeline.spi.Source;
import dev.millrace.testkit.contract.SourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The source that the Javadoc of {@link Source} shows. */
class SourceJavadocTest extends SourceContract<String> {

    static final JavadocExample LINES = JavadocExample.of(Source.class);

    @TempDir
    Path directory;

    @BeforeEach
    void makeFile() throws IOException {
        Files.createFile(directory.resolve("lines"));
    }

    @Override
    protected Source<String> source() {
        return LINES.make(directory.resolve("lines"), directory.resolve("position"));
    }

    @Override
    protected String value(int number) {
        return "line " + number;
    }

    @Override
    protected void add(List<String> values) throws IOException {
        Files.write(directory.resolve("lines"), values, StandardOpenOption.APPEND);
    }

    @Override
    protected boolean hasEnd() {
        return true;
    }

    @Override
    protected boolean keepsPosition() {
        return true;
    }
}
