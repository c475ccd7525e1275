package dev.millrace.files.internal;

import java.nio.file.Path;

/**
 * A file that is read.
 *
 * @param name what its partition is called
 * @param path where it is
 */
public record NamedFile(String name, Path path) {

    /** A file that is called by its name alone. */
    public static NamedFile of(Path path) {
        return new NamedFile(TargetFile.nameOf(path), path);
    }
}
