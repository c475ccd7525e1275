package dev.millrace.parquet;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;

/**
 * A record type that can be the rows of a file.
 *
 * @param kept what is the same for rows that a file of ours keeps as the same
 * @param exact what is the same for the same rows
 */
record RowType<T extends Record>(Class<T> type, RecordForm kept, RecordForm exact) {

    /**
     * Looks at the type.
     *
     * @throws IllegalArgumentException if it cannot be, with the component that is to blame
     */
    static <T extends Record> RowType<T> of(Class<T> type) {
        Objects.requireNonNull(type, "type");
        return new RowType<>(type, RecordForm.of(type, Scalars.KEPT), RecordForm.of(type, Scalars.EXACT));
    }

    /**
     * What is the same for the same row of the same record, and differs for all else.
     *
     * @throws dev.millrace.pipeline.spi.RefusedRecordException if a file cannot keep the row
     */
    long fingerprint(long offset, long timestamp, T row) {
        MessageDigest digest = sha256();
        try (DataOutputStream out =
                new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
            out.writeLong(offset);
            out.writeLong(timestamp);
            kept.put(row, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    /** What tells a row of a file from another one in its place. */
    byte[] identity(T row) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            exact.put(row, out);
        }
        return bytes.toByteArray();
    }

    /**
     * Looks at a row.
     *
     * @throws dev.millrace.pipeline.spi.RefusedRecordException if a file cannot keep it
     */
    void check(T row) {
        try (DataOutputStream out = new DataOutputStream(OutputStream.nullOutputStream())) {
            kept.put(row, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
