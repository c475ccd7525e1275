package dev.millrace.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a source file marks as to be shown on a page: the lines between {@code // docs:begin} and {@code // docs:end}.
 */
final class Regions {

    private static final String BEGIN = "// docs:begin";
    private static final String END = "// docs:end";

    private Regions() {}

    /** In the file's order, with the least indentation that a line of the region has taken from all. */
    static List<String> of(Path file) throws IOException {
        List<String> regions = new ArrayList<>();
        @Nullable StringBuilder region = null;
        for (String line : Files.readAllLines(file)) {
            if (line.strip().equals(BEGIN)) {
                region = new StringBuilder();
            } else if (region != null && line.strip().equals(END)) {
                regions.add(region.toString().stripTrailing().stripIndent() + "\n");
                region = null;
            } else if (region != null) {
                region.append(line).append('\n');
            }
        }
        if (region != null) {
            throw new IllegalStateException(file + " has a region without an end");
        }
        return regions;
    }
}
