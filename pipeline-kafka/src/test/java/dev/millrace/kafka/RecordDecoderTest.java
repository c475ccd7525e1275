package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

class RecordDecoderTest {

    @Test
    void shouldKeepKeysAsBytesUnlessTheyAreDecoded() throws Exception {
        RecordDecoder<String> decoder = RecordDecoder.of(new StringDeserializer());
        assertThat((byte[]) decoder.decodeKey(raw("k", "v"))).isEqualTo(bytes("k"));
        assertThat(decoder.keys(new StringDeserializer()).decodeKey(raw("k", "v")))
                .isEqualTo("k");
        assertThat(decoder.keys(new StringDeserializer()).decodeKey(raw(null, "v")))
                .isNull();
    }

    @Test
    void shouldRefuseATombstoneUnlessTombstonesAreSkipped() {
        RecordDecoder<String> decoder = RecordDecoder.of(new StringDeserializer());
        assertThatThrownBy(() -> decoder.decode(raw("k", null)))
                .isExactlyInstanceOf(RefusedRecordException.class)
                .hasMessage("the record has no value (a tombstone)");
        assertThat(decoder.skippingTombstones().decode(raw("k", null))).isNull();
    }

    @Test
    void shouldRefuseWhatTheDeserializerMakesNothingOf() {
        Deserializer<String> nothing = (topic, bytes) -> null;
        assertThatThrownBy(() -> RecordDecoder.of(nothing).decode(raw("k", "abc")))
                .isExactlyInstanceOf(RefusedRecordException.class)
                .hasMessageEndingWith("made no value of 3 bytes");
    }

    /** As of a schema registry: no record is to blame. */
    @Test
    void shouldBlameNoRecordWhereTheDeserializerCannotReachWhatItNeeds() {
        TimeoutException away = new TimeoutException("no answer from https://user:secret@registry");
        Deserializer<String> asking = (topic, bytes) -> {
            throw away;
        };
        assertThatThrownBy(() -> RecordDecoder.of(asking).decode(raw("k", "v")))
                .isExactlyInstanceOf(UnavailableException.class)
                .hasMessageEndingWith(" cannot reach what it needs: TimeoutException")
                .hasCause(away);
    }

    @Test
    void shouldGiveTheDeserializerTopicAndHeaders() {
        Deserializer<String> deserializer = new Deserializer<>() {
            @Override
            public String deserialize(String topic, byte[] data) {
                throw new AssertionError("the headers are missing");
            }

            @Override
            public String deserialize(String topic, Headers headers, byte[] data) {
                return topic + new String(headers.lastHeader("schema").value(), StandardCharsets.UTF_8);
            }
        };
        assertThat(RecordDecoder.of(deserializer).decode(raw("k", "v"))).isEqualTo("t7");
    }

    @Test
    void shouldCallAnUnknownDeserializerFromOneThreadAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Deserializer<String> fragile = (topic, bytes) -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            inside.decrementAndGet();
            return "x";
        };
        RecordDecoder<String> decoder = RecordDecoder.of(fragile);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<?> each : threads.invokeAll(Collections.nCopies(8, Executors.callable(() -> {
                for (int i = 0; i < 2_000; i++) {
                    decoder.decode(raw("k", "v"));
                }
            })))) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void shouldLetThreadsDecodeTogetherWhereTheUserSaysSo() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        Deserializer<String> shared = (topic, bytes) -> {
            both.countDown();
            try {
                return both.await(1, TimeUnit.MINUTES) ? "x" : null;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        RecordDecoder<String> decoder = RecordDecoder.of(shared).concurrent();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<String> one = threads.submit(() -> decoder.decode(raw("k", "v")));
            Future<String> other = threads.submit(() -> decoder.decode(raw("k", "v")));
            assertThat(one.get()).isEqualTo("x");
            assertThat(other.get()).isEqualTo("x");
        } finally {
            threads.shutdownNow();
        }
    }

    private static PipelineRecord<ConsumerRecord<byte[], byte[]>> raw(String key, String value) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                "t",
                0,
                3,
                1L,
                TimestampType.CREATE_TIME,
                0,
                0,
                bytes(key),
                bytes(value),
                new RecordHeaders().add("schema", bytes("7")),
                Optional.empty());
        return PipelineRecord.of(record, "t-0", 3).withKey(record.key());
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
