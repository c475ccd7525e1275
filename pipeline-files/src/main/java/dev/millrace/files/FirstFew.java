package dev.millrace.files;

import java.util.ArrayList;
import java.util.List;

/** Messages, of which only the first few are kept and all are counted. */
final class FirstFew {

    private static final int KEPT = 5;

    private final List<String> first = new ArrayList<>();
    private long count;

    void add(String message) {
        count++;
        if (first.size() < KEPT) {
            first.add(message);
        }
    }

    long count() {
        return count;
    }

    @Override
    public String toString() {
        String more = count > first.size() ? "; and " + (count - first.size()) + " more" : "";
        return String.join("; ", first) + more;
    }
}
