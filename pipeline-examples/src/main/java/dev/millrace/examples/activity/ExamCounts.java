package dev.millrace.examples.activity;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts attempts, and those at each exam. */
final class ExamCounts {

    private final Map<String, Integer> byExam = new TreeMap<>();
    private int attempts;

    synchronized void add(Attempt attempt) {
        attempts++;
        if (attempt.examName() != null) {
            byExam.merge(attempt.examName(), 1, Integer::sum);
        }
    }

    /** Names the exams that were taken more often than that. */
    synchronized void printTo(PrintStream out, int often) {
        List<Map.Entry<String, Integer>> popular = byExam.entrySet().stream()
                .filter(exam -> exam.getValue() > often)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .toList();
        line(out, "attempts", attempts);
        line(out, "exams", byExam.size());
        line(out, "more than " + often + " times", popular.size());
        popular.forEach(exam -> line(out, "  " + exam.getKey(), exam.getValue()));
    }

    private static void line(PrintStream out, String what, int count) {
        out.printf(Locale.ROOT, "%-27s %,d%n", what, count);
    }
}
