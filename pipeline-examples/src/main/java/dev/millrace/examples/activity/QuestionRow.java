package dev.millrace.examples.activity;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A question of an attempt as a row, with what identifies the attempt. */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record QuestionRow(
        @Nullable String examName,
        @Nullable Instant startedAt,
        @Nullable String keenTimestamp,
        @Nullable String maxAttempts,
        @Nullable String baseExamId,
        @Nullable String userExamId,
        @Nullable String id,
        @Nullable String userResult,
        @Nullable Boolean userCorrect,
        @Nullable Boolean userIncomplete,
        @Nullable Boolean userSubmitted,
        List<Attempt.Choice> options) {

    static List<QuestionRow> allOf(Attempt attempt) {
        return attempt.questions().stream()
                .map(question -> new QuestionRow(
                        attempt.examName(),
                        attempt.startedAt(),
                        attempt.keenTimestamp(),
                        attempt.maxAttempts(),
                        attempt.baseExamId(),
                        attempt.userExamId(),
                        question.id(),
                        question.userResult(),
                        question.userCorrect(),
                        question.userIncomplete(),
                        question.userSubmitted(),
                        question.options()))
                .toList();
    }
}
