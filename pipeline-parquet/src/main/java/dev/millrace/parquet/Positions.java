package dev.millrace.parquet;

import dev.millrace.pipeline.record.PipelineRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Where the rows of a file come from, in their order, as text for its footer: mostly some bytes, for all of them. */
final class Positions {

    private static final long NO_TIME = Long.MIN_VALUE;

    private Positions() {}

    /** Offset and time of a record. */
    record Position(long offset, long timestamp) {

        static Position of(PipelineRecord<?> record) {
            return new Position(
                    record.offset(),
                    record.timestamp().map(Instant::toEpochMilli).orElse(NO_TIME));
        }

        /** Whether it tells a record from one that takes its place, once offsets begin anew. */
        boolean isCertain() {
            return timestamp != NO_TIME;
        }
    }

    static String encode(List<? extends PipelineRecord<?>> records) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes))) {
            out.writeInt(records.size());
            Position former = new Position(0, 0);
            for (PipelineRecord<?> record : records) {
                Position position = Position.of(record);
                out.writeLong(position.offset() - former.offset());
                out.writeLong(position.timestamp() - former.timestamp());
                former = position;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /**
     * What was encoded.
     *
     * @throws IOException if it was not
     */
    static List<Position> decode(String text) throws IOException {
        List<Position> positions = new ArrayList<>();
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("no positions of rows", e);
        }
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(bytes)))) {
            long offset = 0;
            long timestamp = 0;
            for (int left = in.readInt(); left > 0; left--) {
                offset += in.readLong();
                timestamp += in.readLong();
                positions.add(new Position(offset, timestamp));
            }
        }
        return positions;
    }
}
