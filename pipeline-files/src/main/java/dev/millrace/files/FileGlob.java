package dev.millrace.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The files of a directory whose names match, sorted by name; each is called by its path within the directory. */
record FileGlob(Path directory, String glob, PathMatcher matcher) implements FileInputs {

    static FileGlob of(Path directory, String glob) {
        if (Objects.requireNonNull(glob, "glob").isBlank()) {
            throw new IllegalArgumentException("glob must not be blank");
        }
        return new FileGlob(directory, glob, directory.getFileSystem().getPathMatcher("glob:" + glob));
    }

    @Override
    public String place() {
        return directory + "/" + glob;
    }

    @Override
    public List<FileInput> list() throws IOException {
        int depth = glob.contains("/") || glob.contains("**") ? Integer.MAX_VALUE : 1;
        List<FileInput> found;
        try (Stream<Path> files = Files.walk(directory, depth, FileVisitOption.FOLLOW_LINKS)) {
            found = files.filter(this::matches)
                    .map(file -> FileInput.of(nameOf(file), file))
                    .sorted(Comparator.comparing(FileInput::name))
                    .toList();
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(directory.toString(), null, "there is no such directory");
        } catch (UncheckedIOException e) {
            throw new IOException(directory + ": cannot be searched", e);
        }
        if (found.isEmpty()) {
            throw new NoSuchFileException(place(), null, "no file matches");
        }
        return found;
    }

    /** What begins with a dot is hidden, or not yet finished. */
    private boolean matches(Path file) {
        Path within = directory.relativize(file);
        return matcher.matches(within)
                && StreamSupport.stream(within.spliterator(), false)
                        .noneMatch(part -> part.toString().startsWith("."))
                && Files.isRegularFile(file);
    }

    private String nameOf(Path file) {
        return StreamSupport.stream(directory.relativize(file).spliterator(), false)
                .map(Path::toString)
                .collect(Collectors.joining("/"));
    }

    @Override
    public FileInputs matching(String glob) {
        return of(directory, glob);
    }
}
