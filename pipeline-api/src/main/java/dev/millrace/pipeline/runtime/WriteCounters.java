package dev.millrace.pipeline.runtime;

/** Plain counts of a writer's calls, made once a call by one worker; others see them after its next cycle. */
final class WriteCounters {

    long calls;
    long records;
    long nanos;
    final RecentMax largest;
    final RecentMax longest;

    WriteCounters(long now) {
        largest = new RecentMax(now);
        longest = new RecentMax(now);
    }

    /** Goes on from the counts of another; what was largest of late begins anew. */
    void takeOver(WriteCounters former) {
        calls = former.calls;
        records = former.records;
        nanos = former.nanos;
    }

    void add(int size, long took, long now) {
        calls++;
        records += size;
        nanos += took;
        largest.add(size, now);
        longest.add(took, now);
    }
}
