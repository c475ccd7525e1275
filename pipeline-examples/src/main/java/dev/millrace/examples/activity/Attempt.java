package dev.millrace.examples.activity;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's attempt at an exam, with the questions and what was answered. Any attribute may be absent; a list that is,
 * is empty.
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record Attempt(
        @Nullable String keenTimestamp,
        @Nullable String maxAttempts,
        @Nullable Instant startedAt,
        @Nullable String baseExamId,
        @Nullable String userExamId,
        @Nullable Sequences sequences,
        @Nullable String keenCreatedAt,
        @Nullable String certification,
        @Nullable String keenId,
        @Nullable String examName) {

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Sequences(
            List<Question> questions,
            @Nullable Integer attempt,
            @Nullable String id,
            @Nullable Counts counts) {

        Sequences {
            questions = questions == null ? List.of() : questions;
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Question(
            @Nullable Boolean userIncomplete,
            @Nullable Boolean userCorrect,
            List<Choice> options,
            @Nullable Boolean userSubmitted,
            @Nullable String id,
            @Nullable String userResult) {

        Question {
            options = options == null ? List.of() : options;
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Choice(
            @Nullable Boolean checked,
            @Nullable Instant at,
            @Nullable String id,
            @Nullable Integer submitted,
            @Nullable Boolean correct) {}

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Counts(
            @Nullable Integer incomplete,
            @Nullable Integer submitted,
            @Nullable Integer incorrect,
            @Nullable Boolean allCorrect,
            @Nullable Integer correct,
            @Nullable Integer total,
            @Nullable Integer unanswered) {}

    /** Its questions, none if it has no sequences. */
    List<Question> questions() {
        return sequences == null ? List.of() : sequences.questions();
    }
}
