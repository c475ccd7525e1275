package dev.millrace.faults;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * What the load is made of, as JSON.
 *
 * @param key one of some hundred; all events of a key are in one partition
 * @param seq ascending by one within the key
 * @param id unique in the run
 * @param pad fills up
 * @param crc over the rest; one that does not fit is how a poison record is recognised
 */
record Event(String key, long seq, String id, String pad, long crc) {

    static Event of(String key, long seq, String id, String pad) {
        return new Event(key, seq, id, pad, crc(key, seq, id, pad));
    }

    Event poisoned() {
        return new Event(key, seq, id + EventRow.POISON, pad, crc);
    }

    boolean isSound() {
        return crc == crc(key, seq, id, pad);
    }

    private static long crc(String key, long seq, String id, String pad) {
        CRC32 crc = new CRC32();
        crc.update((key + '|' + seq + '|' + id + '|' + pad).getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    byte[] json() {
        return "{\"key\":\"%s\",\"seq\":%d,\"id\":\"%s\",\"pad\":\"%s\",\"crc\":%d}"
                .formatted(key, seq, id, pad, crc)
                .getBytes(StandardCharsets.UTF_8);
    }
}
