package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.Progress;
import java.util.ArrayList;
import java.util.List;

/** A partition of the simulated source: its log, what is committed of it, and who reads it from where. */
final class SimPartition {

    final String name;
    final List<SimRecord> log = new ArrayList<>();

    /** The first offset not committed. */
    long committed;
    /** What was committed as done beyond it. */
    List<Progress.Run> runs = List.of();

    // Of the present assignment.
    boolean isAssigned;
    boolean isPaused;
    int epoch;
    long start;
    long lastCommit;
    /** Index in the log of what comes next. */
    int position;
    /** What a former owner had committed as done when this assignment began. */
    private List<Progress.Run> doneBefore = List.of();
    /** One past the last offset polled. */
    long polled;

    SimPartition(String name) {
        this.name = name;
    }

    void assign(int newEpoch) {
        isAssigned = true;
        isPaused = false;
        epoch = newEpoch;
        start = committed;
        lastCommit = committed;
        doneBefore = runs;
        polled = committed;
        position = 0;
        while (position < log.size() && log.get(position).offset < committed) {
            position++;
        }
    }

    boolean isDoneBefore(long offset) {
        return doneBefore.stream().anyMatch(run -> run.from() <= offset && offset <= run.to());
    }

    boolean hasMore() {
        return position < log.size();
    }

    /** One past its last record. */
    long end() {
        return log.isEmpty() ? 0 : log.get(log.size() - 1).offset + 1;
    }

    boolean isDone() {
        return committed >= end();
    }
}
