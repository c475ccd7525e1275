package dev.millrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

final class TestFiles {
    private static final Pattern LOG = Pattern.compile("of its log (.+server\\.log):");

    private TestFiles() {}

    static Path logNamedIn(String message) {
        Matcher matcher = LOG.matcher(message);
        if (!matcher.find()) {
            throw new AssertionError("no log named in: " + message);
        }
        return Path.of(matcher.group(1));
    }

    static void deleteTree(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
