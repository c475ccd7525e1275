package dev.millrace.examples.ratings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Messages as topics have them: most are ratings, some are not JSON, empty, of a wrong type, or without a user. */
final class DirtyRatings {

    enum Kind {
        VALID,
        WITHOUT_USER,
        BROKEN
    }

    record Message(Kind kind, ProducerRecord<byte[], byte @Nullable []> record, String row) {}

    private static final Instant START = Instant.parse("2025-03-25T00:00:00Z");
    private static final int USERS = 500;

    private final String topic;
    private final List<String> titles;
    private final Random random;
    private long number;

    DirtyRatings(String topic, List<String> titles, long seed) {
        this.topic = topic;
        this.titles = titles;
        this.random = new Random(seed);
    }

    Message next() {
        String user = "user " + random.nextInt(USERS);
        String title = titles.get(random.nextInt(titles.size()));
        Instant time = START.plusMillis(number);
        int luck = random.nextInt(100);
        if (luck < 90) {
            return message(Kind.VALID, user, json('"' + user + '"', title, "7", time), user + '|' + time + '|' + title);
        } else if (luck < 92) {
            return message(Kind.WITHOUT_USER, user, json("null", title, "7", time), "");
        } else if (luck < 93) {
            return message(
                    Kind.WITHOUT_USER, user, json("null", title, "7", time).replace("\"user\":null,", ""), "");
        }
        return message(Kind.BROKEN, user, broken(user, title, time), "");
    }

    private @Nullable String broken(String user, String title, Instant time) {
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> "";
            case 2 -> "not JSON at all \u0000\uFFFD";
            case 3 -> "null";
            case 4 -> json('"' + user + '"', title, "\"ten\"", time);
            case 5 -> json('"' + user + '"', title, "7", time) + "}";
            case 6 -> json('"' + user + '"', title, "7", time).substring(0, 20);
            default -> "[" + json('"' + user + '"', title, "7", time) + "]";
        };
    }

    private static String json(String user, String title, String rating, Instant time) {
        String quoted = '"' + title.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        return "{\"user\":%s,\"movie\":%s,\"rating\":%s,\"timestamp\":\"%s\"}"
                .formatted(user, quoted, rating, time.toString().replace("Z", ""));
    }

    private Message message(Kind kind, String key, @Nullable String value, String row) {
        ProducerRecord<byte[], byte @Nullable []> record =
                new ProducerRecord<>(topic, key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
        record.headers().add("id", Long.toString(number++).getBytes(UTF_8));
        return new Message(kind, record, row);
    }

    /** All of a message's bytes as text, to compare a dead letter with what was sent. */
    static String fingerprint(Headers headers, byte[] key, byte @Nullable [] value) {
        Base64.Encoder base64 = Base64.getEncoder();
        return new String(headers.lastHeader("id").value(), UTF_8)
                + ':'
                + base64.encodeToString(key)
                + ':'
                + (value == null ? "null" : base64.encodeToString(value));
    }
}
