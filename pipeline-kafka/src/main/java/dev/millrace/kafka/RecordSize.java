package dev.millrace.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** How large a record can become in a batch of its own, by Kafka's message format. */
final class RecordSize {

    private static final int BATCH_OVERHEAD = 61;
    private static final int LARGEST_RECORD_OVERHEAD = 21;

    private RecordSize() {}

    /** At most this many bytes, and less by at most 20. */
    static long upperBound(ProducerRecord<byte[], byte[]> record) {
        Header[] headers = record.headers().toArray();
        long size = BATCH_OVERHEAD + LARGEST_RECORD_OVERHEAD;
        size += withLength(record.key());
        size += withLength(record.value());
        size += ofVarint(headers.length);
        for (Header header : headers) {
            size += withLength(header.key().getBytes(StandardCharsets.UTF_8));
            size += withLength(header.value());
        }
        return size;
    }

    private static long withLength(byte @Nullable [] bytes) {
        return bytes == null ? 1 : (long) ofVarint(bytes.length) + bytes.length;
    }

    /** Seven bits go into a byte, and one is for the sign. */
    private static int ofVarint(int value) {
        int bits = 32 - Integer.numberOfLeadingZeros(value) + 1;
        return (bits + 6) / 7;
    }
}
