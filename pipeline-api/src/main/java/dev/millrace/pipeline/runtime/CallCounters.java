package dev.millrace.pipeline.runtime;

/** Plain counts of calls, made by one worker when a call is answered; others see them after its next cycle. */
class CallCounters {

    long calls;
    long nanos;
    final RecentMax longest;

    CallCounters(long now) {
        longest = new RecentMax(now);
    }

    /** Goes on from the counts of another; what was largest of late begins anew. */
    void takeOver(CallCounters former) {
        calls = former.calls;
        nanos = former.nanos;
    }

    void add(long took, long now) {
        calls++;
        nanos += took;
        longest.add(took, now);
    }
}
