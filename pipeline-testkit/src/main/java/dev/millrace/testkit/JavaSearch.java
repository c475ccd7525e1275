package dev.millrace.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Looks for a Java of a given version: this JVM's own, those named by the environment, those in the usual folders. */
final class JavaSearch {
    /** {@code JAVA_HOME}, {@code JAVA_HOME_17}, {@code JAVA_HOME_17_X64}, {@code JAVA_17_HOME}, {@code JDK17_HOME}. */
    private static final Pattern VARIABLE = Pattern.compile("(JAVA|JDK)_?(HOME(_\\d+(_\\w+)?)?|_?\\d+_HOME)");

    private final JavaHome current;
    private final Map<String, String> environment;
    private final List<Path> folders;

    JavaSearch(JavaHome current, Map<String, String> environment, List<Path> folders) {
        this.current = current;
        this.environment = environment;
        this.folders = folders;
    }

    static JavaSearch ofThisMachine() {
        Path home = Path.of(System.getProperty("user.home"));
        List<Path> folders = List.of(
                Path.of("/usr/lib/jvm"),
                Path.of("/usr/lib64/jvm"),
                Path.of("/usr/java"),
                Path.of("/opt"),
                Path.of("/opt/java"),
                Path.of("/opt/hostedtoolcache/Java_Temurin-Hotspot_jdk"),
                Path.of("/opt/homebrew/opt"),
                Path.of("/usr/local/opt"),
                Path.of("/Library/Java/JavaVirtualMachines"),
                Path.of("C:\\Program Files\\Java"),
                Path.of("C:\\Program Files\\Eclipse Adoptium"),
                home.resolve("Library/Java/JavaVirtualMachines"),
                home.resolve(".sdkman/candidates/java"),
                home.resolve(".jdks"),
                home.resolve(".jabba/jdk"),
                home.resolve(".asdf/installs/java"),
                home.resolve(".local/share/mise/installs/java"),
                home.resolve(".gradle/jdks"));
        return new JavaSearch(JavaHome.current(), System.getenv(), folders);
    }

    /** The first version of the list that the machine has; the running JVM wins over others of its version. */
    Optional<JavaHome> find(List<Integer> versions) {
        List<JavaHome> installed = installed();
        return versions.stream()
                .flatMap(version -> installed.stream().filter(home -> home.version() == version))
                .findFirst();
    }

    private List<JavaHome> installed() {
        List<JavaHome> found = new ArrayList<>();
        found.add(current);
        environment.forEach((name, value) -> {
            if (VARIABLE.matcher(name).matches() && !value.isBlank()) {
                add(found, Path.of(value));
            }
        });
        folders.stream().flatMap(folder -> children(folder).stream()).forEach(child -> add(found, child));
        return found;
    }

    private static void add(List<JavaHome> found, Path directory) {
        JavaHome.at(directory)
                .or(() -> JavaHome.at(directory.resolve("Contents/Home")))
                .or(() -> JavaHome.at(directory.resolve("libexec/openjdk.jdk/Contents/Home")))
                .ifPresent(found::add);
    }

    private static List<Path> children(Path folder) {
        List<Path> children = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
                entries.forEach(children::add);
            } catch (IOException | UncheckedIOException e) {
                return List.of();
            }
        }
        children.sort(null);
        return children;
    }
}
