package dev.millrace.faults;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What each start of a pipeline under test loads, archived once for all of them: a build starts dozens, and a third of
 * what a start costs is the loading of classes. The JVM archives classes of jars alone, so there is an archive only
 * where the build names the jar of these tests.
 */
final class ClassArchive {

    private static final @Nullable String JAR = System.getProperty("millrace.faults.jar");

    private static @Nullable List<String> options;

    private ClassArchive() {}

    /** The class path, and the archive if there is one. The first to ask makes it. */
    static synchronized List<String> options() throws Exception {
        if (options == null) {
            options = JAR == null ? List.of("-cp", classPath()) : archived(Path.of(JAR));
        }
        return options;
    }

    private static List<String> archived(Path jar) throws Exception {
        String classPath =
                classPath().replace(jar.resolveSibling("test-classes").toString(), jar.toString());
        Path archive = jar.resolveSibling("classes.jsa");
        Files.deleteIfExists(archive);
        try (Scene scene = new Scene(0)) {
            scene.load().start(100);
            List<String> archiving = List.of("-cp", classPath, "-XX:ArchiveClassesAtExit=" + archive);
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(), archiving, Map.of())) {
                pipeline.awaitFirstAck().terminate();
                pipeline.awaitExit();
                if (!Files.exists(archive)) {
                    throw new AssertionError("no archive of classes: " + pipeline.output());
                }
            }
        }
        return List.of("-cp", classPath, "-XX:SharedArchiveFile=" + archive);
    }

    /** Without directories that are not there, such as that of a module's main classes where it has none. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> Files.exists(Path.of(entry)))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
