package dev.millrace.faults;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pipeline under test has tried and done, a line each: {@code attempt}, {@code ack} or {@code event} with the
 * wall clock in milliseconds. Each is appended in one system call, so that what was noted outlives a SIGKILL.
 */
final class Journal implements AutoCloseable {

    /** No channel, which an interrupt of the thread that writes would close. */
    private final FileOutputStream output;

    private Journal(FileOutputStream output) {
        this.output = output;
    }

    static Journal append(Path file) throws IOException {
        return new Journal(new FileOutputStream(file.toFile(), true));
    }

    void note(String what, List<EventRow> rows) {
        StringBuilder lines = new StringBuilder(rows.size() * 32);
        long now = System.currentTimeMillis();
        for (EventRow row : rows) {
            lines.append(what).append(' ').append(now).append(' ');
            lines.append(row.key()).append(' ').append(row.seq()).append('\n');
        }
        write(lines);
    }

    /** A word for something that is no attempt. */
    void note(String event) {
        note(event, 0);
    }

    /** A measured number, at the place of a sequence number. */
    void note(String event, long number) {
        write(new StringBuilder("event " + System.currentTimeMillis() + ' ' + event + ' ' + number + '\n'));
    }

    private synchronized void write(StringBuilder lines) {
        try {
            output.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        output.close();
    }

    /** A line of a journal; of an {@code event} the key is its name. */
    record Line(String what, long millis, String key, long seq) {

        /** The event that is attempted or acknowledged. */
        String event() {
            return key + '@' + seq;
        }
    }

    /** What is in the file so far; a last line that was cut short is left out. */
    static List<Line> read(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        if (!Files.exists(file)) {
            return lines;
        }
        String text = Files.readString(file);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        whole.lines().forEach(line -> {
            String[] words = line.split(" ", 4);
            lines.add(new Line(words[0], Long.parseLong(words[1]), words[2], Long.parseLong(words[3])));
        });
        return lines;
    }
}
