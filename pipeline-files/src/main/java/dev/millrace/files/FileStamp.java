package dev.millrace.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What differs when a file has been replaced or written. */
record FileStamp(Path path, @Nullable Object key, long size, FileTime modified) {

    /** Some file systems count in steps of two seconds: what is written within one leaves the time as it was. */
    private static final Duration STEP = Duration.ofSeconds(3);

    /** The stamp of a file; null if there is none, or if it may be written again without a new one. */
    static @Nullable FileStamp of(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            FileTime modified = attributes.lastModifiedTime();
            boolean isSettled = modified.toInstant().isBefore(Instant.now().minus(STEP));
            return isSettled ? new FileStamp(path, attributes.fileKey(), attributes.size(), modified) : null;
        } catch (IOException e) {
            return null;
        }
    }
}
