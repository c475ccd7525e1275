package dev.millrace.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Where the bytes come from, and what to call it. */
record CsvInput(String name, Opening opening) {

    /** Opens the bytes. */
    @FunctionalInterface
    interface Opening {
        InputStream open() throws IOException;
    }

    static CsvInput file(Path file) {
        return new CsvInput(file.toString(), () -> {
            try {
                return Files.newInputStream(file);
            } catch (NoSuchFileException missing) {
                throw new IOException("there is no file '" + file + "'", missing);
            }
        });
    }

    InputStream open() throws IOException {
        InputStream stream = opening.open();
        try {
            return name.endsWith(".gz") ? new GZIPInputStream(stream) : stream;
        } catch (IOException notGzip) {
            stream.close();
            throw new IOException("'" + name + "' is not gzip", notGzip);
        }
    }
}
