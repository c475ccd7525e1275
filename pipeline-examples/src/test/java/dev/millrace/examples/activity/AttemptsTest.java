package dev.millrace.examples.activity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.kafka.JsonSerde;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptsTest {

    private static final String ATTEMPT =
            "{\"exam_name\":\"Learning Chess\",\"started_at\":\"2018-01-23T14:23:19.082Z\",\"max_attempts\":\"1.0\","
                    + "\"sequences\":{\"questions\":[{\"id\":\"q\",\"user_result\":\"correct\",\"options\":["
                    + "{\"checked\":true,\"at\":\"2018-01-23T14:23:24.670Z\",\"id\":\"o\",\"submitted\":1,\"correct\":true},"
                    + "{\"checked\":false,\"id\":\"p\"}]}]}}";

    @Test
    void shouldReadAnArrayOfAttempts() {
        assertThat(read("[" + ATTEMPT + "," + ATTEMPT + "]").all()).hasSize(2);
        assertThat(read("[]").all()).isEmpty();
    }

    @Test
    void shouldReadAnAttemptByItself() {
        assertThat(read(ATTEMPT).all()).isEqualTo(read("[" + ATTEMPT + "]").all());
    }

    @Test
    void shouldMakeARowOfEachQuestion() {
        Attempt attempt = read(ATTEMPT).all().get(0);

        assertThat(QuestionRow.allOf(attempt))
                .containsExactly(new QuestionRow(
                        "Learning Chess",
                        Instant.parse("2018-01-23T14:23:19.082Z"),
                        null,
                        "1.0",
                        null,
                        null,
                        "q",
                        "correct",
                        null,
                        null,
                        null,
                        List.of(
                                new Attempt.Choice(true, Instant.parse("2018-01-23T14:23:24.670Z"), "o", 1, true),
                                new Attempt.Choice(false, null, "p", null, null))));
    }

    @Test
    void shouldDoWithoutAnyAttribute() {
        assertThat(QuestionRow.allOf(read("{}").all().get(0))).isEmpty();
        assertThat(QuestionRow.allOf(read("{\"sequences\":{}}").all().get(0))).isEmpty();
        assertThat(QuestionRow.allOf(
                        read("{\"sequences\":{\"questions\":[{}]}}").all().get(0)))
                .singleElement()
                .satisfies(row -> assertThat(row.options()).isEmpty());
    }

    @Test
    void shouldSayWhereAMessageIsWrong() {
        assertThatThrownBy(() -> read("[" + ATTEMPT + ",{\"sequences\":{\"questions\":[{\"id\":{}}]}}]"))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessageContaining("[1].sequences.questions[0].id");
    }

    private static Attempts read(String message) {
        return JsonSerde.of(Attempts.class).deserializer().deserialize("", message.getBytes(UTF_8));
    }
}
