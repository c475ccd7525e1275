package dev.millrace.benchmarks.workload;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A record of one of many keys.
 *
 * @param key its number
 * @param sequence how many records of the key come before
 */
public record KeyedRecord(int key, long sequence) {

    /** As long as a rating. */
    private static final int LENGTH = 100;

    /** Reads the value of a record. */
    public static KeyedRecord of(byte[] value) {
        ByteBuffer bytes = ByteBuffer.wrap(value);
        return new KeyedRecord(bytes.getInt(), bytes.getLong());
    }

    /** The value of the record. */
    public byte[] value() {
        return ByteBuffer.allocate(LENGTH).putInt(key).putLong(sequence).array();
    }

    /** The key of the record. */
    public byte[] keyBytes() {
        return ("key-" + key).getBytes(StandardCharsets.UTF_8);
    }
}
