package dev.millrace.kafka;

import dev.millrace.pipeline.record.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what becomes of the letters of one run. Thread-safe. */
final class RedriveCounts {

    private static final int MOST_LEFT = 100;
    private static final int MOST_NAMES = 1_000;
    private static final String OTHER = "(other)";

    private final Map<String, Long> refused = new TreeMap<>();
    private final Map<String, Long> byTopic = new TreeMap<>();
    private final Map<String, Long> byException = new TreeMap<>();
    private final List<SourcePosition> left = new ArrayList<>();
    private long read;
    private long replayed;
    private long filteredOut;
    private long exhausted;

    synchronized void read() {
        read++;
    }

    synchronized void filteredOut() {
        filteredOut++;
    }

    synchronized void exhausted(SourcePosition position) {
        exhausted++;
        left(position);
    }

    synchronized void refused(String reason, SourcePosition position) {
        count(refused, reason);
        left(position);
    }

    synchronized void replayed(StoredLetter letter) {
        replayed++;
        count(byTopic, letter.topic());
        count(byException, letter.exception());
    }

    synchronized RedriveSummary summary(boolean isDryRun) {
        return new RedriveSummary(
                isDryRun, read, replayed, filteredOut, exhausted, refused, byTopic, byException, left);
    }

    private void left(SourcePosition position) {
        if (left.size() < MOST_LEFT) {
            left.add(position);
        }
    }

    /** Names come from headers, so there may be any number of them. */
    private static void count(Map<String, Long> counts, String name) {
        counts.merge(counts.containsKey(name) || counts.size() < MOST_NAMES ? name : OTHER, 1L, Long::sum);
    }
}
