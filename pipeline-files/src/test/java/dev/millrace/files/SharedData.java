package dev.millrace.files;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real data that lies beside a checkout but is no part of it. */
final class SharedData {

    private SharedData() {}

    /** A file or directory of it; the test is skipped where there is none. */
    static Path at(String path) {
        Path data = Path.of(System.getProperty("millrace.data", "data"), path);
        assumeTrue(Files.exists(data), () -> "there is no " + data);
        return data;
    }
}
