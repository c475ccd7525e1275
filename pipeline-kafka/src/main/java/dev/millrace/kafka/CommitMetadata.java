package dev.millrace.kafka;

import dev.millrace.pipeline.spi.OffsetRun;
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
 * The second where records beyond the offset are done. 1 is the version; the bytes are a CRC-32C of what follows them and
 * of the topic's id, the committed offset, the newest leader epoch read, and then gaps and lengths of runs in turns, all as
 * variable-length integers. Whoever changes the offset but not the metadata, or the metadata but not its sum, is noticed.
 * Whoever does it on purpose could as well have moved the offset.
 *
 * A version of this library that knows only the first form takes the second for one that says nothing of the topic.
 */
final class CommitMetadata {

    /** What brokers take by default, offset.metadata.max.bytes: of the text, whose characters are all ASCII. */
    static final int MOST_BYTES = 4_096;

    private static final String TOPIC_ID = "topic-id=";
    private static final String DONE = "done=1.";
    private static final int SUM_BYTES = 4;
    private static final int LONGEST_NUMBER = 10;

    /** Runs that were done when nobody had read a record of a later epoch. */
    record Done(int epoch, List<OffsetRun> runs) {}

    private CommitMetadata() {}

    static String of(String topicId) {
        return TOPIC_ID + topicId;
    }

    /** With what of the runs does not lie below the offset, as much as there is room for, the nearest first. */
    static String of(String topicId, long offset, int epoch, List<OffsetRun> runs) {
        List<OffsetRun> beyond = runs.stream().filter(run -> run.to() >= offset).toList();
        if (beyond.isEmpty()) {
            return of(topicId);
        }
        String end = ";" + of(topicId);
        int room = (MOST_BYTES - DONE.length() - end.length()) / 4 * 3;
        ByteBuffer bytes = ByteBuffer.allocate(room).position(SUM_BYTES);
        put(bytes, offset);
        put(bytes, epoch);
        long last = offset;
        for (OffsetRun run : beyond) {
            if (bytes.remaining() < 2 * LONGEST_NUMBER) {
                break;
            }
            long from = Math.max(run.from(), offset);
            put(bytes, from - last);
            put(bytes, run.to() - from);
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
     * What was done beyond a committed offset of a topic, if its metadata says so.
     *
     * @throws IllegalArgumentException if the metadata is none of ours, or was made for another topic or offset
     */
    static Optional<Done> done(String metadata, String topicId, long offset) {
        if (metadata.isEmpty() || metadata.startsWith(TOPIC_ID)) {
            return Optional.empty();
        }
        int end = metadata.indexOf(';');
        if (!metadata.startsWith(DONE) || end < 0) {
            throw new IllegalArgumentException("no pipeline has written it, or one of another version");
        }
        if (metadata.length() > MOST_BYTES) {
            throw new IllegalArgumentException("it is longer than " + MOST_BYTES + " bytes");
        }
        if (!metadata.endsWith(";" + of(topicId))) {
            throw new IllegalArgumentException("it was made for another topic of that name");
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(metadata.substring(DONE.length(), end));
            return Optional.of(decode(ByteBuffer.wrap(bytes), topicId, offset));
        } catch (BufferUnderflowException | ArithmeticException e) {
            throw new IllegalArgumentException("it is incomplete or too long", e);
        }
    }

    private static Done decode(ByteBuffer bytes, String topicId, long offset) {
        if (bytes.getInt() != sum(bytes.duplicate().rewind(), topicId)) {
            throw new IllegalArgumentException("its sum is wrong");
        }
        long madeFor = next(bytes);
        if (madeFor != offset) {
            throw new IllegalArgumentException("it was made for the offset " + madeFor + ", not " + offset);
        }
        int epoch = Math.toIntExact(next(bytes));
        List<OffsetRun> runs = new ArrayList<>();
        long last = offset;
        while (bytes.hasRemaining()) {
            long from = Math.addExact(last, next(bytes));
            long to = Math.addExact(from, next(bytes));
            runs.add(new OffsetRun(from, to));
            last = to;
        }
        return new Done(epoch, List.copyOf(runs));
    }

    /** Over all but the sum itself, which comes first. */
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
        throw new ArithmeticException("a number is too long");
    }
}
