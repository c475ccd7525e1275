package dev.millrace.files.internal;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The files of a directory whose names match; each is called by its path within the directory. Thread-safe. */
public final class FileGlob {

    private final Path directory;
    private final String pattern;
    private final PathMatcher matcher;

    private FileGlob(Path directory, String pattern, PathMatcher matcher) {
        this.directory = directory;
        this.pattern = pattern;
        this.matcher = matcher;
    }

    /** By a pattern as of {@link java.nio.file.FileSystem#getPathMatcher}. */
    public static FileGlob of(Path directory, String pattern) {
        if (Objects.requireNonNull(pattern, "pattern").isBlank()) {
            throw new IllegalArgumentException("pattern must not be blank");
        }
        return new FileGlob(directory, pattern, directory.getFileSystem().getPathMatcher("glob:" + pattern));
    }

    /** The same directory, looked through for others. */
    public FileGlob matching(String pattern) {
        return of(directory, pattern);
    }

    /**
     * The files as they are now, one or more, sorted by name.
     *
     * @throws IOException if there is none
     */
    public List<NamedFile> list() throws IOException {
        int depth = pattern.contains("/") || pattern.contains("**") ? Integer.MAX_VALUE : 1;
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory + ": is no directory, in which a glob could find files");
        }
        List<NamedFile> found = new ArrayList<>();
        try {
            Files.walkFileTree(directory, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, collector(found));
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(directory.toString(), null, "there is no such directory");
        } catch (IOException e) {
            throw new IOException(directory + ": cannot be searched", e);
        }
        found.sort(Comparator.comparing(NamedFile::name));
        if (found.isEmpty()) {
            throw new NoSuchFileException(toString(), null, "no file matches");
        }
        return found;
    }

    private FileVisitor<Path> collector(List<NamedFile> found) {
        return new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                return isHidden(visited) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !isHidden(file) && matcher.matches(directory.relativize(file))) {
                    found.add(new NamedFile(nameOf(file), file));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // Where a link leads back to, the files are found without it.
                boolean isPassedOver = e instanceof FileSystemLoopException || isHidden(file);
                if (isPassedOver) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        };
    }

    /** What begins with a dot is hidden, or not yet finished. */
    private boolean isHidden(Path visited) {
        return !visited.equals(directory) && TargetFile.nameOf(visited).startsWith(".");
    }

    private String nameOf(Path file) {
        return StreamSupport.stream(directory.relativize(file).spliterator(), false)
                .map(Path::toString)
                .collect(Collectors.joining("/"));
    }

    /** Directory and pattern, as messages and diagrams have them. */
    @Override
    public String toString() {
        return directory + "/" + pattern;
    }
}
