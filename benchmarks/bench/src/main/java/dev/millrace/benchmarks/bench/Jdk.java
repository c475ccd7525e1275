package dev.millrace.benchmarks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A Java that contenders run on.
 *
 * @param feature its version
 * @param home where it is
 */
record Jdk(int feature, Path home) {

    /** The first one to have virtual threads that may block in synchronized methods. */
    private static final int VIRTUAL_THREADS = 25;

    private static final Path INSTALLED = Path.of("/usr/lib/jvm");

    /** The one that this runs on. */
    static Jdk current() {
        return new Jdk(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
    }

    /** The one that this runs on and, if that is older, a Java 25 if there is any on the machine. */
    static List<Jdk> withAndWithoutVirtualThreads() {
        List<Jdk> jdks = new ArrayList<>(List.of(current()));
        if (current().feature < VIRTUAL_THREADS) {
            candidates().stream()
                    .flatMap(home -> of(home).stream())
                    .filter(jdk -> jdk.feature == VIRTUAL_THREADS)
                    .findFirst()
                    .ifPresent(jdks::add);
        }
        return jdks;
    }

    private static List<Path> candidates() {
        List<Path> homes = new ArrayList<>();
        String named = System.getenv("JAVA_HOME_" + VIRTUAL_THREADS);
        if (named != null) {
            homes.add(Path.of(named));
        }
        try (Stream<Path> installed = Files.list(INSTALLED)) {
            installed.sorted().forEach(homes::add);
        } catch (IOException none) {
            return homes;
        }
        return homes;
    }

    private static Optional<Jdk> of(Path home) {
        Properties release = new Properties();
        try (var file = Files.newInputStream(home.resolve("release"))) {
            release.load(file);
        } catch (IOException noJdk) {
            return Optional.empty();
        }
        String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
        return version.matches("\\d+.*")
                ? Optional.of(new Jdk(Runtime.Version.parse(version).feature(), home))
                : Optional.empty();
    }

    /** The option by which a JVM leaves its classes in an archive as it ends. */
    String archivingTo(Path archive) {
        return (hasAotCache() ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive;
    }

    /** The option by which a JVM takes its classes from there. */
    String startingFrom(Path archive) {
        return (hasAotCache() ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive;
    }

    /** In one step, as of Java 25. */
    private boolean hasAotCache() {
        return feature >= VIRTUAL_THREADS;
    }

    Path java() {
        return home.resolve("bin").resolve("java");
    }

    @Override
    public String toString() {
        return "Java " + feature;
    }
}
