package dev.millrace.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.record.SourcePosition;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** A summary stays small, whatever letters say of themselves. */
class RedriveCountsTest {

    private final RedriveCounts counts = new RedriveCounts();

    private void replay(String exception) throws MalformedLetterException {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("letters", 0, 7, new byte[0], new byte[0]);
        record.headers().add("__connect.errors.topic", "ratings".getBytes(UTF_8));
        record.headers().add("__connect.errors.exception.class.name", exception.getBytes(UTF_8));
        counts.replayed(StoredLetter.of(record));
    }

    @Test
    void shouldCountAThousandNamesEachAndAllOthersTogether() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            replay("e" + i);
        }
        assertThat(counts.summary(false).replayedByException()).hasSize(1_000).doesNotContainKey("(other)");

        replay("one more");
        replay("and another");
        replay("e0");

        assertThat(counts.summary(false).replayedByException())
                .hasSize(1_001)
                .containsEntry("(other)", 2L)
                .containsEntry("e0", 2L)
                .containsEntry("e999", 1L);
        assertThat(counts.summary(false).replayed()).isEqualTo(1_003);
        assertThat(counts.summary(false).replayedByTopic()).containsEntry("ratings", 1_003L);
    }

    @Test
    void shouldNameAHundredOfThoseThatAreLeftAndCountAll() {
        for (int i = 0; i < 101; i++) {
            counts.refused("why", new SourcePosition("letters-0", i));
        }

        assertThat(counts.summary(false).left())
                .hasSize(100)
                .contains(new SourcePosition("letters-0", 99))
                .doesNotContain(new SourcePosition("letters-0", 100));
        assertThat(counts.summary(false).refused()).containsEntry("why", 101L);
    }
}
