package dev.millrace.kafka;

import dev.millrace.pipeline.record.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** The headers of a dead letter. */
final class DeadLetterHeaders {

    private static final String CONNECT = "__connect.errors.";
    static final String TOPIC = CONNECT + "topic";
    private static final String PARTITION = CONNECT + "partition";
    private static final String OFFSET = CONNECT + "offset";
    private static final String PIPELINE = CONNECT + "connector.name";
    static final String STAGE = CONNECT + "stage";
    private static final String CLASS = CONNECT + "class.name";
    static final String EXCEPTION = CONNECT + "exception.class.name";
    private static final String MESSAGE = CONNECT + "exception.message";
    private static final String STACK_TRACE = CONNECT + "exception.stacktrace";
    private static final String OUR_POSITION = "millrace.position";
    private static final String OUR_STAGE = "millrace.stage";
    private static final String OUR_ATTEMPTS = "millrace.attempts";
    static final String OUR_TIME = "millrace.failed-at";
    static final String TIMESTAMP = "millrace.timestamp";

    static final String OMITTED = "millrace.omitted";

    private static final Set<String> OURS = Set.of(OUR_POSITION, OUR_STAGE, OUR_ATTEMPTS, OUR_TIME, TIMESTAMP, OMITTED);

    /** Of names, such as those of classes; with what follows, all headers together stay below 8 KiB. */
    private static final int NAME_BYTES = 256;

    private static final int MESSAGE_BYTES = 1 << 10;
    private static final int TRACE_BYTES = 4 << 10;
    private static final int CAUSES = 10;
    private static final int FRAMES = 10;

    private DeadLetterHeaders() {}

    /** A copy of the headers less those of an earlier failure. */
    static RecordHeaders without(Headers headers) {
        RecordHeaders rest = new RecordHeaders();
        for (Header header : headers) {
            if (!isOfAFailure(header.key())) {
                rest.add(header);
            }
        }
        return rest;
    }

    /** Whether a header says why a record failed, rather than being part of the record. */
    static boolean isOfAFailure(String name) {
        return name.startsWith(CONNECT) || OURS.contains(name);
    }

    static void addOmitted(RecordHeaders headers, long bytes) {
        add(headers, OMITTED, bytes + " bytes");
    }

    static void add(RecordHeaders headers, DeadLetter letter, boolean causeText) {
        if (letter.original().value() instanceof ConsumerRecord<?, ?> record) {
            add(headers, TOPIC, record.topic());
            add(headers, PARTITION, Integer.toString(record.partition()));
            add(headers, OFFSET, Long.toString(record.offset()));
        }
        Throwable cause = letter.cause();
        add(headers, PIPELINE, letter.pipeline());
        add(headers, STAGE, letter.stage());
        StackTraceElement[] frames = cause.getStackTrace();
        if (frames.length > 0) {
            add(headers, CLASS, frames[0].getClassName());
        }
        add(headers, EXCEPTION, cause.getClass().getName());
        String message = causeText ? cause.getMessage() : ourMessage(cause);
        if (message != null) {
            headers.add(MESSAGE, capped(message, MESSAGE_BYTES));
        }
        headers.add(STACK_TRACE, capped(trace(cause), TRACE_BYTES));
        add(headers, OUR_POSITION, letter.original().position().toString());
        add(headers, OUR_STAGE, letter.stage());
        add(headers, OUR_ATTEMPTS, Integer.toString(letter.attempts()));
        add(headers, OUR_TIME, letter.failedAt().toString());
        letter.original().timestamp().ifPresent(timestamp -> add(headers, TIMESTAMP, timestamp.toString()));
    }

    /** The text of the outermost exception of ours, which holds no payload. */
    private static @Nullable String ourMessage(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES; depth++, cause = cause.getCause()) {
            if (cause.getClass().getName().startsWith("dev.millrace.")) {
                return cause.getMessage();
            }
        }
        return null;
    }

    /** The classes of the causes with their frames, and no messages. */
    private static String trace(Throwable failure) {
        StringBuilder text = new StringBuilder();
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES; depth++, cause = cause.getCause()) {
            text.append(depth == 0 ? "" : "Caused by: ")
                    .append(cause.getClass().getName())
                    .append('\n');
            StackTraceElement[] frames = cause.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, FRAMES); i++) {
                text.append("\tat ").append(frames[i]).append('\n');
            }
        }
        return text.toString();
    }

    static void add(RecordHeaders headers, String name, String value) {
        headers.add(name, capped(value, NAME_BYTES));
    }

    /** As much of the text as fits into so many bytes, in whole characters. */
    private static byte[] capped(String text, int most) {
        ByteBuffer bytes = ByteBuffer.allocate(most);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(text), bytes, true);
        byte[] used = new byte[bytes.flip().remaining()];
        bytes.get(used);
        return used;
    }
}
