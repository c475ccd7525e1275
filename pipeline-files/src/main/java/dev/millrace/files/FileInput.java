package dev.millrace.files;

import dev.millrace.files.internal.FileGlob;
import dev.millrace.files.internal.NamedFile;
import dev.millrace.pipeline.function.ThrowingSupplier;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of a file come from.
 *
 * @param name the short name, for messages about its content and as the partition
 * @param place the file as the user named it
 * @param opener opens it, anew each time
 * @param path where it is, if it is a file
 */
record FileInput(
        String name,
        String place,
        ThrowingSupplier<? extends InputStream> opener,
        @Nullable Path path) implements FileInputs {

    private static final byte[] GZIP_MAGIC = {0x1f, (byte) 0x8b};

    static FileInput of(Path path) {
        return of(NamedFile.of(Objects.requireNonNull(path, "path")));
    }

    static FileInput of(NamedFile file) {
        Path path = file.path();
        String place = path.toString();
        ThrowingSupplier<InputStream> opener = () -> {
            if (Files.isDirectory(path)) {
                throw new IOException(place + ": is a directory, not a file");
            }
            return Files.newInputStream(path);
        };
        return new FileInput(file.name(), place, opener, path);
    }

    static FileInput of(String name, ThrowingSupplier<? extends InputStream> opener) {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("name must not be blank");
        }
        return new FileInput(name, name, Objects.requireNonNull(opener, "opener"), null);
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

    @Override
    public List<FileInput> list() {
        return List.of(this);
    }

    @Override
    public @Nullable Object stamp() {
        return path == null ? null : FileStamp.of(path);
    }

    @Override
    public FileInputs matching(String pattern) {
        if (path == null) {
            throw new IllegalStateException("a glob needs the path of a directory, got " + name);
        }
        return new GlobInputs(FileGlob.of(path, pattern));
    }

    /** The bytes, unpacked if they are packed by gzip. */
    InputStream open() throws IOException {
        PushbackInputStream stream = new PushbackInputStream(openPacked(), GZIP_MAGIC.length);
        try {
            return unpacked(stream);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }

    private InputStream unpacked(PushbackInputStream stream) throws IOException {
        byte[] first = stream.readNBytes(GZIP_MAGIC.length);
        stream.unread(first);
        if (isPacked(first)) {
            return packed(stream);
        }
        if (isNamedPacked(name)) {
            throw new IOException(place + ": is not a gzip file, as its name says it is");
        }
        return stream;
    }

    private InputStream packed(InputStream stream) throws IOException {
        try {
            return new GzipMembers(stream);
        } catch (EOFException | ZipException e) {
            throw new IOException(place + ": " + e.getMessage(), e);
        }
    }

    /** Whether content that begins so is packed by gzip. */
    static boolean isPacked(byte[] first) {
        return Arrays.equals(first, GZIP_MAGIC);
    }

    /** Whether content of that name is to be packed by gzip. */
    static boolean isNamedPacked(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".gz");
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
