package dev.millrace.kafka;

import dev.millrace.pipeline.record.Headers;
import dev.millrace.pipeline.record.SourcePosition;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as its topic holds it, for the filter of a {@link Redrive}. Anybody who may write to the topic may have
 * made it: what its headers say has been checked for form, not for truth.
 *
 * <p>Immutable and thread-safe, provided that nobody writes to the arrays that it hands out.
 */
public final class StoredLetter {

    static final String REPLAYS = "millrace.replays";

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final int LONGEST_TEXT = 1 << 10;
    private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final ConsumerRecord<byte[], byte[]> record;
    private final String topic;
    private final String stage;
    private final String exception;
    private final @Nullable Instant failedAt;
    private final int replays;
    private final @Nullable Long timestamp;

    private StoredLetter(ConsumerRecord<byte[], byte[]> record) throws MalformedLetterException {
        this.record = record;
        if (record.headers().lastHeader(DeadLetterHeaders.OMITTED) != null) {
            throw new MalformedLetterException("its value was left out, as it was too large");
        }
        this.topic = text(DeadLetterHeaders.TOPIC);
        if (topic.isEmpty()) {
            throw new MalformedLetterException("it does not say which topic it comes from");
        }
        if (!TOPIC.matcher(topic).matches() || topic.equals(".") || topic.equals("..")) {
            throw malformed(DeadLetterHeaders.TOPIC);
        }
        this.stage = text(DeadLetterHeaders.STAGE);
        this.exception = text(DeadLetterHeaders.EXCEPTION);
        this.failedAt = instant(DeadLetterHeaders.OUR_TIME);
        this.replays = number(text(REPLAYS));
        this.timestamp = ownTimestamp();
    }

    static StoredLetter of(ConsumerRecord<byte[], byte[]> record) throws MalformedLetterException {
        return new StoredLetter(record);
    }

    /** The topic that the record was read from, and that it would be put back into. */
    public String topic() {
        return topic;
    }

    /** Name of the stage that failed, or an empty text where the letter does not say. */
    public String stage() {
        return stage;
    }

    /** Name of the class of the exception, or an empty text where the letter does not say. */
    public String exception() {
        return exception;
    }

    /** When the record failed; absent in letters that this library has not made. */
    public Optional<Instant> failedAt() {
        return Optional.ofNullable(failedAt);
    }

    /** How often the record was put back already. */
    public int replays() {
        return replays;
    }

    /** The record's key; {@code null} if it has none. */
    public byte @Nullable [] key() {
        return record.key();
    }

    /** The record's value; {@code null} if it has none. */
    public byte @Nullable [] value() {
        return record.value();
    }

    /** The record's own headers, without those that say why it failed. */
    public Headers headers() {
        return RecordHeaderList.toPipeline(original());
    }

    /** Where the letter is. */
    public SourcePosition position() {
        return position(record);
    }

    static SourcePosition position(ConsumerRecord<?, ?> record) {
        return new SourcePosition(record.topic() + "-" + record.partition(), record.offset());
    }

    RecordHeaders original() {
        RecordHeaders headers = DeadLetterHeaders.without(record.headers());
        headers.remove(REPLAYS);
        return headers;
    }

    /** The record's own, in milliseconds; of letters that do not tell it, such as those of Kafka Connect, theirs. */
    @Nullable
    Long timestamp() {
        return timestamp;
    }

    private @Nullable Long ownTimestamp() throws MalformedLetterException {
        Instant told = instant(DeadLetterHeaders.TIMESTAMP);
        if (told == null) {
            return record.timestamp() < 0 ? null : (Long) record.timestamp();
        }
        // What Kafka takes.
        if (told.isBefore(Instant.EPOCH) || told.isAfter(LATEST)) {
            throw malformed(DeadLetterHeaders.TIMESTAMP);
        }
        return told.toEpochMilli();
    }

    private String text(String name) throws MalformedLetterException {
        Header header = record.headers().lastHeader(name);
        if (header == null || header.value() == null) {
            return "";
        }
        if (header.value().length > LONGEST_TEXT) {
            throw malformed(name);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(header.value()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed(name);
        }
    }

    private @Nullable Instant instant(String name) throws MalformedLetterException {
        String text = text(name);
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw malformed(name);
        }
    }

    private static int number(String text) throws MalformedLetterException {
        if (text.isEmpty()) {
            return 0;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw malformed(REPLAYS);
        }
        return (int) Math.min(Integer.MAX_VALUE - 1, Long.parseLong(text));
    }

    private static MalformedLetterException malformed(String header) {
        return new MalformedLetterException("its header " + header + " is malformed");
    }

    /** Position and origin; no payload. */
    @Override
    public String toString() {
        return "StoredLetter[" + position() + ", from topic " + topic + "]";
    }
}
