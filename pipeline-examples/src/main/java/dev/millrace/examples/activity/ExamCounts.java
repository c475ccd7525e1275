package dev.millrace.examples.activity;

import java.io.PrintStream;
import java.util.Comparator;
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

    synchronized void printTo(PrintStream out, int many) {
        out.printf(Locale.ROOT, "%-27s %,d%n", "attempts", attempts);
        out.printf(Locale.ROOT, "%-27s %,d%n", "exams", byExam.size());
        out.printf(Locale.ROOT, "exams with more than %,d attempts%n", many);
        byExam.entrySet().stream()
                .filter(exam -> exam.getValue() > many)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(exam -> out.printf(Locale.ROOT, "  %-25s %,d%n", exam.getKey(), exam.getValue()));
    }
}
