package dev.millrace.pipeline.runtime;

/** Those of a writer, whose calls are batches. */
final class WriteCounters extends CallCounters {

    long records;
    final RecentMax largest;

    WriteCounters(long now) {
        super(now);
        largest = new RecentMax(now);
    }

    @Override
    void takeOver(CallCounters former) {
        super.takeOver(former);
        records = ((WriteCounters) former).records;
    }

    void add(int size, long took, long now) {
        add(took, now);
        records += size;
        largest.add(size, now);
    }
}
