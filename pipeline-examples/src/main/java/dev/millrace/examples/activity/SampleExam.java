package dev.millrace.examples.activity;

import dev.millrace.examples.activity.Attempt.Choice;
import dev.millrace.examples.activity.Attempt.Counts;
import dev.millrace.examples.activity.Attempt.Question;
import dev.millrace.examples.activity.Attempt.Sequences;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An exam that is made up, and attempts at it.
 *
 * @param name of the exam
 * @param id of the exam
 * @param questions with the same ids in every attempt
 */
record SampleExam(String name, String id, List<Asked> questions) {

    private static final int FEWEST_QUESTIONS = 3;
    private static final int MOST_QUESTIONS = 6;
    private static final double IS_ANSWERED = 0.97;
    private static final double IS_CORRECT_FOUND = 0.85;
    private static final double IS_WRONG_CHOSEN = 0.08;

    record Asked(String id, List<Offered> options) {}

    record Offered(String id, boolean isCorrect) {}

    static SampleExam of(String name, Random random) {
        List<Asked> questions = new ArrayList<>();
        int count = random.nextInt(FEWEST_QUESTIONS, MOST_QUESTIONS + 1);
        for (int i = 0; i < count; i++) {
            List<Offered> options = new ArrayList<>();
            int correct = random.nextInt(4);
            for (int option = 0; option < 4; option++) {
                options.add(new Offered(uuid(random), option == correct || random.nextInt(4) == 0));
            }
            questions.add(new Asked(uuid(random), options));
        }
        return new SampleExam(name, uuid(random), questions);
    }

    Attempt attempt(Instant startedAt, Random random) {
        Instant now = startedAt;
        List<Question> answered = new ArrayList<>();
        for (Asked question : questions) {
            now = now.plusMillis(random.nextInt(1_000, 60_000));
            answered.add(answered(question, now, random));
        }
        String sent = now.getEpochSecond() + String.format(Locale.ROOT, ".%06d", random.nextInt(1_000_000));
        return new Attempt(
                sent,
                "1.0",
                startedAt,
                id,
                uuid(random),
                new Sequences(answered, 1, uuid(random), counts(answered)),
                sent,
                // Some senders leave it out.
                random.nextInt(100) == 0 ? null : "false",
                String.format(Locale.ROOT, "%016x%08x", random.nextLong(), random.nextInt()),
                name);
    }

    private static Question answered(Asked question, Instant from, Random random) {
        boolean isAnswered = random.nextDouble() < IS_ANSWERED;
        Instant now = from;
        int missed = 0;
        int wrong = 0;
        List<Choice> choices = new ArrayList<>();
        for (Offered option : question.options()) {
            boolean isChecked =
                    isAnswered && random.nextDouble() < (option.isCorrect() ? IS_CORRECT_FOUND : IS_WRONG_CHOSEN);
            missed += option.isCorrect() && !isChecked ? 1 : 0;
            wrong += !option.isCorrect() && isChecked ? 1 : 0;
            now = now.plusMillis(random.nextInt(200, 5_000));
            choices.add(new Choice(
                    isChecked,
                    isChecked ? now : null,
                    option.id(),
                    isChecked ? 1 : null,
                    option.isCorrect() ? true : null));
        }
        boolean isIncomplete = missed > 0 && wrong == 0;
        boolean isCorrect = missed == 0 && wrong == 0;
        return new Question(
                isIncomplete, isCorrect, choices, isAnswered, question.id(), isAnswered ? result(missed, wrong) : null);
    }

    private static String result(int missed, int wrong) {
        if (wrong > 0) {
            return "incorrect";
        }
        return missed > 0 ? "missed_some" : "correct";
    }

    private static Counts counts(List<Question> answered) {
        int correct = count(answered, "correct");
        int unanswered = count(answered, null);
        return new Counts(
                count(answered, "missed_some"),
                answered.size() - unanswered,
                count(answered, "incorrect"),
                correct == answered.size(),
                correct,
                answered.size(),
                unanswered);
    }

    private static int count(List<Question> answered, @Nullable String result) {
        return (int) answered.stream()
                .filter(question -> Objects.equals(question.userResult(), result))
                .count();
    }

    private static String uuid(Random random) {
        byte[] seed = new byte[16];
        random.nextBytes(seed);
        return UUID.nameUUIDFromBytes(seed).toString();
    }
}
