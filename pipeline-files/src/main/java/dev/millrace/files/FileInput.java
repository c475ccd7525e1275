package dev.millrace.files;

import dev.millrace.pipeline.function.ThrowingSupplier;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * Where the bytes of a file come from.
 *
 * @param name the short name, for messages about its content and as the partition
 * @param place the file as the user named it
 * @param opener opens it, anew each time
 */
record FileInput(String name, String place, ThrowingSupplier<? extends InputStream> opener) {

    private static final int GZIP_BUFFER = 16 * 1024;

    static FileInput of(Path path) {
        Path last = Objects.requireNonNull(path, "path").getFileName();
        String place = path.toString();
        return new FileInput(last == null ? place : last.toString(), place, () -> {
            if (Files.isDirectory(path)) {
                throw new IOException(place + ": is a directory, not a file");
            }
            return Files.newInputStream(path);
        });
    }

    static FileInput of(String name, ThrowingSupplier<? extends InputStream> opener) {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("name must not be blank");
        }
        return new FileInput(name, name, Objects.requireNonNull(opener, "opener"));
    }

    static FileInput resource(Class<?> neighbour, String name) {
        Objects.requireNonNull(neighbour, "neighbour");
        return of(name, () -> {
            InputStream stream = neighbour.getResourceAsStream(name);
            if (stream == null) {
                String hint = neighbour.getModule().isNamed()
                        ? ", or module " + neighbour.getModule().getName() + " does not open package "
                                + neighbour.getPackageName() + " to dev.millrace.files"
                        : "";
                throw new FileNotFoundException(
                        name + ": there is no such resource beside " + neighbour.getName() + hint);
            }
            return stream;
        });
    }

    /** The bytes, unpacked if the name ends in {@code .gz}. */
    InputStream open() throws IOException {
        InputStream stream = openPacked();
        if (!name.toLowerCase(Locale.ROOT).endsWith(".gz")) {
            return stream;
        }
        try {
            return new GZIPInputStream(stream, GZIP_BUFFER);
        } catch (IOException e) {
            stream.close();
            throw new IOException(place + ": is not a gzip file, as its name says it is", e);
        }
    }

    private InputStream openPacked() throws IOException {
        try {
            return Objects.requireNonNull(opener.get(), () -> place + ": was opened as null");
        } catch (NoSuchFileException e) {
            throw withCause(new NoSuchFileException(place, null, "there is no such file"), e);
        } catch (AccessDeniedException e) {
            throw withCause(new AccessDeniedException(place, null, "may not be read"), e);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(place + ": cannot be opened", e);
        }
    }

    private static IOException withCause(IOException exception, Throwable cause) {
        exception.initCause(cause);
        return exception;
    }
}
