package dev.millrace.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class KafkaDeadLettersTest {

    private static final byte[] VALUE = {(byte) 0xff, 0, 1};
    private final KafkaDeadLetters letters = Kafka.at("a:1").deadLetters("dlq");

    @Test
    void shouldKeepARecordOfKafkaByteForByteWithItsHeaders() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", new byte[] {1}).add("trace", new byte[] {2}).add("none", null);
        ProducerRecord<byte[], byte[]> sent = letters.encode(letter(record(headers), new RefusedRecordException("no")));

        assertThat(sent.topic()).isEqualTo("dlq");
        assertThat(sent.partition()).isNull();
        assertThat(sent.key()).containsExactly(7);
        assertThat(sent.value()).isEqualTo(VALUE);
        assertThat(sent.timestamp())
                .as("its own, so that retention begins with it")
                .isNull();
        assertThat(text(sent, "millrace.timestamp")).isEqualTo("1970-01-01T00:00:01Z");
        assertThat(sent.headers().headers("trace"))
                .extracting(Header::value)
                .containsExactly(new byte[] {1}, new byte[] {2});
        assertThat(sent.headers().lastHeader("none").value()).isNull();
    }

    @Test
    void shouldSayWhyUnderTheNamesOfKafkaConnect() {
        Throwable cause = new RefusedRecordException("rating must be 1 to 10");
        ProducerRecord<byte[], byte[]> sent = letters.encode(letter(record(new RecordHeaders()), cause));

        assertThat(text(sent, "__connect.errors.topic")).isEqualTo("ratings");
        assertThat(text(sent, "__connect.errors.partition")).isEqualTo("3");
        assertThat(text(sent, "__connect.errors.offset")).isEqualTo("42");
        assertThat(text(sent, "__connect.errors.connector.name")).isEqualTo("movie-ratings");
        assertThat(text(sent, "__connect.errors.stage")).isEqualTo("map");
        assertThat(text(sent, "__connect.errors.class.name")).isEqualTo(KafkaDeadLettersTest.class.getName());
        assertThat(text(sent, "__connect.errors.exception.class.name"))
                .isEqualTo("dev.millrace.pipeline.spi.RefusedRecordException");
        assertThat(text(sent, "__connect.errors.exception.message")).isEqualTo("rating must be 1 to 10");
        assertThat(text(sent, "__connect.errors.exception.stacktrace"))
                .startsWith("dev.millrace.pipeline.spi.RefusedRecordException\n\tat ");
        assertThat(text(sent, "millrace.position")).isEqualTo("ratings-3@42");
        assertThat(text(sent, "millrace.stage")).isEqualTo("map");
        assertThat(text(sent, "millrace.attempts")).isEqualTo("2");
        assertThat(text(sent, "millrace.failed-at")).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void shouldNotKeepTextOfOthersUnlessAskedTo() {
        Throwable cause = new IllegalStateException("payload", new NumberFormatException("payload"));
        ProducerRecord<byte[], byte[]> sent = letters.encode(letter(record(new RecordHeaders()), cause));

        for (Header header : sent.headers()) {
            assertThat(new String(header.value(), UTF_8)).as(header.key()).doesNotContain("payload");
        }
        assertThat(text(sent, "__connect.errors.exception.stacktrace"))
                .contains("java.lang.IllegalStateException", "Caused by: java.lang.NumberFormatException");

        ProducerRecord<byte[], byte[]> asked =
                letters.withCauseText().encode(letter(record(new RecordHeaders()), cause));
        assertThat(text(asked, "__connect.errors.exception.message")).isEqualTo("payload");
    }

    @Test
    void shouldKeepOurOwnTextUnderAnExceptionOfOthers() {
        Throwable cause = new IllegalStateException("payload", new RefusedRecordException("too large"));
        assertThat(text(
                        letters.encode(letter(record(new RecordHeaders()), cause)),
                        "__connect.errors.exception.message"))
                .isEqualTo("too large");
    }

    @Test
    void shouldCapTextInBytesBetweenCharacters() {
        Throwable cause = new IllegalStateException("é".repeat(2_000));
        for (int i = 0; i < 100; i++) {
            cause = new IllegalStateException(cause);
        }
        ProducerRecord<byte[], byte[]> sent = letters.withCauseText()
                .encode(letter(record(new RecordHeaders()), new RuntimeException("é".repeat(999), cause)));

        assertThat(text(sent, "__connect.errors.exception.message")).isEqualTo("é".repeat(512));
        assertThat(sent.headers()
                        .lastHeader("__connect.errors.exception.stacktrace")
                        .value())
                .hasSizeLessThanOrEqualTo(4_096);
    }

    @Test
    void shouldKeepAllItsHeadersTogetherBelowEightKibibytes() {
        String endless = "é".repeat(50_000);
        Throwable cause = new RefusedRecordException(endless);
        for (int i = 0; i < 100; i++) {
            cause = new RefusedRecordException(endless, cause);
        }
        StackTraceElement[] deep = new StackTraceElement[1_000];
        Arrays.fill(deep, new StackTraceElement(endless, endless, endless, 1));
        cause.setStackTrace(deep);
        PipelineRecord<?> original = PipelineRecord.of(
                new ConsumerRecord<>("x".repeat(249), Integer.MAX_VALUE, Long.MAX_VALUE, new byte[0], new byte[0]),
                endless,
                Long.MAX_VALUE);
        DeadLetter letter = new DeadLetter(original, endless, endless, cause, Integer.MAX_VALUE, Instant.MAX);

        ProducerRecord<byte[], byte[]> sent = letters.withCauseText().encode(letter);

        int bytes = 0;
        for (Header header : sent.headers()) {
            bytes += header.key().length() + header.value().length;
        }
        assertThat(sent.headers()).hasSize(13);
        assertThat(bytes).isLessThanOrEqualTo(8_192);
    }

    @Test
    void shouldLeaveNothingOfAnEarlierFailureOfKafkaConnect() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("__connect.errors.task.id", new byte[] {'0'}).add("__connect.other", new byte[] {'1'});
        headers.add("millrace.omitted", new byte[] {'0'}).add("millrace.replays", new byte[] {'2'});
        ProducerRecord<byte[], byte[]> sent = letters.encode(letter(record(headers), new IllegalStateException()));

        assertThat(sent.headers())
                .extracting(Header::key)
                .contains("__connect.other", "millrace.replays")
                .doesNotContain("__connect.errors.task.id", "millrace.omitted");
    }

    @Test
    void shouldReplaceTheHeadersOfAnEarlierFailure() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("__connect.errors.topic", "first".getBytes(UTF_8)).add("millrace.attempts", "9".getBytes(UTF_8));
        headers.add("__connect.errors.exception.message", "old".getBytes(UTF_8));
        ProducerRecord<byte[], byte[]> sent = letters.encode(letter(record(headers), new IllegalStateException()));

        assertThat(sent.headers().headers("__connect.errors.topic")).hasSize(1);
        assertThat(text(sent, "__connect.errors.topic")).isEqualTo("ratings");
        assertThat(sent.headers().headers("millrace.attempts")).hasSize(1);
        assertThat(sent.headers().lastHeader("__connect.errors.exception.message"))
                .isNull();
    }

    @Test
    void shouldKeepATombstoneWithoutKey() {
        ConsumerRecord<byte[], byte[]> tombstone = new ConsumerRecord<>("ratings", 3, 42, null, null);
        ProducerRecord<byte[], byte[]> sent = letters.encode(
                letter(PipelineRecord.of(tombstone, "ratings-3", 42), new RefusedRecordException("no value")));
        assertThat(sent.key()).isNull();
        assertThat(sent.value()).isNull();
        assertThat(sent.headers().lastHeader("millrace.timestamp")).isNull();
    }

    @Test
    void shouldKeepTextAndBytesOfOtherSources() {
        PipelineRecord<String> line =
                PipelineRecord.of("a;b", "file", 7).withKey("k").withTimestamp(5);
        ProducerRecord<byte[], byte[]> sent = letters.encode(letter(line, new IllegalStateException()));

        assertThat(sent.value()).isEqualTo("a;b".getBytes(UTF_8));
        assertThat(sent.key()).isEqualTo("k".getBytes(UTF_8));
        assertThat(text(sent, "millrace.timestamp")).isEqualTo("1970-01-01T00:00:00.005Z");
        assertThat(text(sent, "millrace.position")).isEqualTo("file@7");
        assertThat(sent.headers().lastHeader("__connect.errors.topic")).isNull();
    }

    @Test
    void shouldNeedASerializerForAnythingElse() {
        DeadLetter letter = letter(PipelineRecord.of(List.of("a", "b"), "file", 7), new IllegalStateException());
        assertThatThrownBy(() -> letters.encode(letter))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessageStartingWith("the value of a dead letter must be text or bytes, got a java.util.");

        ProducerRecord<byte[], byte[]> sent =
                letters.serializing(JsonSerde.of(Object.class).serializer()).encode(letter);
        assertThat(sent.value()).isEqualTo("[\"a\",\"b\"]".getBytes(UTF_8));
    }

    private static DeadLetter letter(PipelineRecord<?> original, Throwable cause) {
        return new DeadLetter(original, "movie-ratings", "map", cause, 2, Instant.parse("2026-01-01T00:00:00Z"));
    }

    private static PipelineRecord<?> record(RecordHeaders headers) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                "ratings",
                3,
                42,
                1_000L,
                TimestampType.CREATE_TIME,
                1,
                3,
                new byte[] {7},
                VALUE,
                headers,
                Optional.of(1));
        return PipelineRecord.of(record, "ratings-3", 42).withTimestamp(record.timestamp());
    }

    private static String text(ProducerRecord<?, ?> record, String header) {
        List<String> values = new ArrayList<>();
        record.headers().headers(header).forEach(each -> values.add(new String(each.value(), UTF_8)));
        return String.join("|", values);
    }
}
