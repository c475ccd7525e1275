package dev.millrace.benchmarks.workload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Notes when each rating of a topic was first written. Thread-safe. */
public final class Times {

    private final AtomicLongArray micros;
    private final LongAdder noted = new LongAdder();

    /** Of so many ratings. */
    public Times(long records) {
        micros = new AtomicLongArray(Math.toIntExact(records));
    }

    /** The wall clock in microseconds, the same for all processes of a machine. */
    public static long now() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    /** These are written now. */
    public void written(Iterable<EnrichedRating> rows) {
        long now = now();
        rows.forEach(row -> {
            if (micros.compareAndSet(Math.toIntExact(RatingClock.number(row.ratingTimestamp())), 0, now)) {
                noted.increment();
            }
        });
    }

    /** How many ratings have been written. */
    public long count() {
        return noted.sum();
    }

    /** Writes the times down, in the order of the ratings. */
    public void save(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(micros.length() * Long.BYTES);
        for (int i = 0; i < micros.length(); i++) {
            bytes.putLong(micros.get(i));
        }
        Files.write(file, bytes.array());
    }

    /** Reads them. */
    public static long[] load(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        long[] all = new long[bytes.remaining() / Long.BYTES];
        bytes.asLongBuffer().get(all);
        return all;
    }
}
