package dev.millrace.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a release publishes as jars, of the modules that the root names. */
final class PublishedModules {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    private PublishedModules() {}

    /** Their directories, by the names of their artifacts. */
    static Map<String, Path> directories() throws IOException {
        Map<String, Path> directories = new TreeMap<>();
        for (MatchResult module : MODULE.matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .toList()) {
            Path directory = ROOT.resolve(module.group(1));
            String pom = Files.readString(directory.resolve("pom.xml"));
            if (!pom.contains("<unpublished>true</unpublished>") && !pom.contains("<packaging>pom</packaging>")) {
                directories.put(directory.getFileName().toString(), directory);
            }
        }
        return directories;
    }
}
