package dev.millrace.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file that is opened once: what has replaced it meanwhile is another one, of another length. */
record OpenFile(Path path, FileChannel channel) implements InputFile {

    private static final String MAGIC = "PAR1";
    private static final int LEAST_LENGTH = 12;

    /**
     * Opens a file that has the form of Parquet.
     *
     * @throws IOException if there is none
     */
    static OpenFile open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + ": is a directory, whose files a glob may name");
        }
        OpenFile file = new OpenFile(path, channel(path));
        try {
            file.checkForm();
            return file;
        } catch (Throwable e) {
            file.channel.close();
            throw e;
        }
    }

    private static FileChannel channel(Path path) throws IOException {
        try {
            return FileChannel.open(path);
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(path.toString(), null, "there is no such file");
        }
    }

    private void checkForm() throws IOException {
        if (!isMagicAt(0)) {
            throw new IOException(path + ": is no Parquet file");
        }
        if (getLength() < LEAST_LENGTH || !isMagicAt(getLength() - MAGIC.length())) {
            throw new IOException(path + ": is cut off, the footer of a Parquet file is missing");
        }
    }

    private boolean isMagicAt(long position) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAGIC.length());
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                return false;
            }
        }
        return new String(bytes.array(), StandardCharsets.ISO_8859_1).equals(MAGIC);
    }

    @Override
    public long getLength() throws IOException {
        return channel.size();
    }

    /** Closes the file with it. */
    @Override
    public SeekableInputStream newStream() {
        return new DelegatingSeekableInputStream(Channels.newInputStream(channel)) {
            @Override
            public long getPos() throws IOException {
                return channel.position();
            }

            @Override
            public void seek(long position) throws IOException {
                channel.position(position);
            }
        };
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
