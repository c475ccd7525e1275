package dev.millrace.testkit;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** An installed Java and its feature version, such as 17. */
record JavaHome(Path path, int version) {
    static JavaHome current() {
        return new JavaHome(
                Path.of(System.getProperty("java.home")), Runtime.version().feature());
    }

    /** A Java that the user named. */
    static JavaHome named(Path directory) {
        return at(directory)
                .orElseThrow(() -> new IllegalArgumentException(
                        "javaHome must be a Java installation with a release file, got " + directory));
    }

    /** Reads the {@code release} file that every Java since 9 has; empty where there is none or no {@code java}. */
    static Optional<JavaHome> at(Path directory) {
        Path release = directory.resolve("release");
        if (!Files.isRegularFile(release)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(release)) {
            properties.load(reader);
            String quoted = properties.getProperty("JAVA_VERSION", "");
            int version = Runtime.Version.parse(quoted.replace("\"", "")).feature();
            return Optional.of(new JavaHome(directory, version)).filter(home -> Files.isExecutable(home.java()));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    Path java() {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        return path.resolve("bin").resolve(windows ? "java.exe" : "java");
    }
}
