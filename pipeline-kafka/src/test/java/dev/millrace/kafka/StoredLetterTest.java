package dev.millrace.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much of what a letter says of itself is believed. */
class StoredLetterTest {

    private static final String TOPIC = "__connect.errors.topic";

    private static StoredLetter letter(String topic, String header, String value) throws MalformedLetterException {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("letters", 0, 7, new byte[0], new byte[0]);
        record.headers().add(TOPIC, topic.getBytes(UTF_8));
        record.headers().add(header, value.getBytes(UTF_8));
        return StoredLetter.of(record);
    }

    @Test
    void shouldTakeTheLongestNameOfATopicAndNoLongerOne() throws Exception {
        String longest = "t".repeat(249);

        assertThat(letter(longest, "other", "").topic()).isEqualTo(longest);
        assertThatThrownBy(() -> letter(longest + "t", "other", ""))
                .isInstanceOf(MalformedLetterException.class)
                .hasMessage("its header __connect.errors.topic is malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"__connect.errors.stage", "__connect.errors.exception.class.name"})
    void shouldTakeAKibibyteOfTextAndNoMore(String header) throws Exception {
        String longest = "\u00e4".repeat(512);

        StoredLetter letter = letter("ratings", header, longest);

        assertThat(letter.stage() + letter.exception()).isEqualTo(longest);
        assertThatThrownBy(() -> letter("ratings", header, longest + "x"))
                .isInstanceOf(MalformedLetterException.class)
                .hasMessage("its header " + header + " is malformed");
    }

    @Test
    void shouldTakeNumbersOfEighteenDigitsAndNoMore() throws Exception {
        String largest = "9".repeat(18);

        assertThat(letter("ratings", "millrace.replays", largest).replays()).isEqualTo(Integer.MAX_VALUE - 1);
        assertThatThrownBy(() -> letter("ratings", "millrace.replays", largest + "9"))
                .isInstanceOf(MalformedLetterException.class)
                .hasMessage("its header millrace.replays is malformed");
    }

    @Test
    void shouldHandOnAsManyHeadersOfTheRecordItselfAsThereAre() throws Exception {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("letters", 0, 7, new byte[0], new byte[0]);
        record.headers().add(TOPIC, "ratings".getBytes(UTF_8));
        for (int i = 0; i < 10_000; i++) {
            record.headers().add("h" + i, new byte[] {1});
        }

        assertThat(StoredLetter.of(record).original()).hasSize(10_000);
    }
}
