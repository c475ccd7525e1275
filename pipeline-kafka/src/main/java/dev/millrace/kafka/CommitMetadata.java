package dev.millrace.kafka;

import dev.millrace.pipeline.spi.Progress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/*
 * What goes with a committed offset, as text:
 *
 *     topic-id=<id>
 *     done=1.<base64url>;topic-id=<id>
 *
 * The second where records beyond the offset are done. 1 is the version; the bytes are a CRC-32C of what follows them and of the
 * topic's id, the committed offset, the leader epoch of the last record done, and then gaps and lengths of runs in turns, all
 * as variable-length integers. Whoever changes the offset but not the metadata, or the metadata but not its sum, is noticed.
 *
 * Whoever knows only the first form takes the second for one that says nothing of the topic.
 */
final class CommitMetadata {

    /**
     * What brokers take by default, offset.metadata.max.bytes; they count the bytes of the text, and ours are ASCII.
     */
    static final int MOST_BYTES = 4_096;

    private static final String TOPIC_ID = "topic-id=";
    private static final String DONE = "done=1.";
    private static final int SUM_BYTES = 4;
    private static final int LONGEST_VARINT = 10;

    /** Runs that were done when the log's newest epoch was this one. */
    record Done(int epoch, List<Progress.Run> runs) {}

    private CommitMetadata() {}

    static String of(String topicId) {
        return TOPIC_ID + topicId;
    }

    /** With as many of the runs as there is room for, the nearest first. */
    static String of(String topicId, long frontier, int epoch, List<Progress.Run> runs) {
        String end = ";" + of(topicId);
        int room = (MOST_BYTES - DONE.length() - end.length()) / 4 * 3;
        ByteBuffer bytes = ByteBuffer.allocate(room).putInt(0);
        put(bytes, frontier);
        put(bytes, epoch);
        long last = frontier;
        for (Progress.Run run : runs) {
            if (bytes.remaining() < 2 * LONGEST_VARINT) {
                break;
            }
            put(bytes, run.from() - last);
            put(bytes, run.to() - run.from());
            last = run.to();
        }
        bytes.flip();
        bytes.putInt(0, sum(bytes, topicId));
        ByteBuffer text = Base64.getUrlEncoder().withoutPadding().encode(bytes);
        return DONE + StandardCharsets.ISO_8859_1.decode(text) + end;
    }

    /** The id of the topic that the offset is of, if it says so. */
    static Optional<String> topicId(String metadata) {
        String text = withoutDone(metadata);
        return text.startsWith(TOPIC_ID) ? Optional.of(text.substring(TOPIC_ID.length())) : Optional.empty();
    }

    /** In the first form. */
    static String withoutDone(String metadata) {
        return metadata.startsWith(DONE) ? metadata.substring(metadata.indexOf(';') + 1) : metadata;
    }

    /**
     * What was done beyond a committed offset, if the metadata says so.
     *
     * @throws IllegalArgumentException if the metadata is none of ours, or was not made for that offset
     */
    static Optional<Done> done(String metadata, long offset) {
        if (metadata.isEmpty() || metadata.startsWith(TOPIC_ID)) {
            return Optional.empty();
        }
        int end = metadata.indexOf(';');
        String topicId = topicId(metadata).orElse("");
        if (!metadata.startsWith(DONE) || end < 0 || topicId.isEmpty()) {
            throw new IllegalArgumentException("not written by a pipeline");
        }
        try {
            return Optional.of(decode(
                    ByteBuffer.wrap(Base64.getUrlDecoder().decode(metadata.substring(DONE.length(), end))),
                    topicId,
                    offset));
        } catch (BufferUnderflowException | ArithmeticException e) {
            throw new IllegalArgumentException("no runs", e);
        }
    }

    private static Done decode(ByteBuffer bytes, String topicId, long offset) {
        if (bytes.getInt() != sum(bytes, topicId)) {
            throw new IllegalArgumentException("its sum is wrong");
        }
        long frontier = next(bytes);
        if (frontier != offset) {
            throw new IllegalArgumentException("it was made for the offset " + frontier + ", not " + offset);
        }
        int epoch = Math.toIntExact(next(bytes));
        List<Progress.Run> runs = new ArrayList<>();
        long last = frontier;
        while (bytes.hasRemaining()) {
            long from = Math.addExact(last, next(bytes));
            long to = Math.addExact(from, next(bytes));
            runs.add(new Progress.Run(from, to));
            last = to;
        }
        return new Done(epoch, new Progress(frontier, runs).beyond());
    }

    private static int sum(ByteBuffer bytes, String topicId) {
        CRC32C sum = new CRC32C();
        sum.update(topicId.getBytes(StandardCharsets.UTF_8));
        sum.update(bytes.duplicate().position(SUM_BYTES));
        return (int) sum.getValue();
    }

    private static void put(ByteBuffer bytes, long value) {
        long rest = value;
        for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
            bytes.put((byte) (rest & 0x7f | 0x80));
        }
        bytes.put((byte) rest);
    }

    private static long next(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            byte part = bytes.get();
            value |= (part & 0x7fL) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }
}
