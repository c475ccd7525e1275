package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of JSONTestSuite (nst/JSONTestSuite): y_ must be read, n_ must be refused, i_ may be either. */
final class JsonTestSuite {

    private static final Path FILES =
            Path.of(System.getProperty("millrace.data", "data"), "badinputs", "JSONTestSuite", "test_parsing");
    /** Valid, but no value. */
    private static final String NULL = "y_structure_lonely_null.json";

    private JsonTestSuite() {}

    /** The test is skipped where they are not. */
    static List<Path> files() throws IOException {
        assumeTrue(Files.isDirectory(FILES), () -> FILES + " is not there: JSONTestSuite is not part of the project");
        try (Stream<Path> files = Files.list(FILES)) {
            List<Path> sorted = files.sorted().toList();
            assertThat(sorted).hasSizeGreaterThan(300);
            return sorted;
        }
    }

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean mustBeRead(String name) {
        return name.startsWith("y_") && !name.equals(NULL);
    }

    static boolean mustBeRefused(String name) {
        return name.startsWith("n_") || name.equals(NULL);
    }
}
