package dev.millrace.testkit;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;

/**
 * A source that a test gives values, before it runs and while it does. It keeps them and the position that the pipeline
 * commits: a pipeline that is started again goes on there, and gets what was not done once more.
 *
 * <p>Thread-safe, and good for {@code PipelineRunner} as well as for {@link PipelineTestDriver}.
 *
 * @param <T> type of the values
 */
public final class TestSource<T> implements Source<T> {

    private static final String PARTITION = "0";
    private static final Duration UNTIL_ADDED = Duration.ofDays(1);

    private final Map<String, List<PipelineRecord<T>>> partitions = new TreeMap<>();
    private final Map<String, Long> committed = new TreeMap<>();
    private final Queue<Exception> failures = new ArrayDeque<>();
    private boolean hasEnd;

    /** Makes one without values. */
    public TestSource() {}

    /** Adds values to the partition {@code 0}, without key or timestamp. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public final TestSource<T> add(T... values) {
        List.of(values).forEach(value -> addRecord(PipelineRecord.of(value, next(PARTITION))));
        return this;
    }

    /**
     * Adds a record with all that it has: its partition and offset, its key, timestamp and headers.
     *
     * @throws IllegalArgumentException if its offset is not above the last one of its partition
     */
    public synchronized TestSource<T> addRecord(PipelineRecord<T> record) {
        long next = next(record.partition()).offset();
        if (record.offset() < next) {
            throw new IllegalArgumentException("offset of partition '" + record.partition() + "' must be at least "
                    + next + ", got " + record.offset());
        }
        partitions
                .computeIfAbsent(record.partition(), name -> new ArrayList<>())
                .add(record);
        return this;
    }

    /** The position behind the last record of a partition. */
    public synchronized SourcePosition next(String partition) {
        List<PipelineRecord<T>> records = partitions.getOrDefault(partition, List.of());
        long offset = records.isEmpty() ? 0 : records.get(records.size() - 1).offset() + 1;
        return SourcePosition.of(partition, offset);
    }

    /** Ends behind what has been added: a pipeline that has read it stops by itself. */
    public synchronized TestSource<T> end() {
        hasEnd = true;
        return this;
    }

    /**
     * Has a poll fail: the next one, or the one after those that are to fail already. An {@code UnavailableException}
     * is an outage, anything else breaks the reader.
     */
    public synchronized TestSource<T> fail(Exception failure) {
        failures.add(failure);
        return this;
    }

    /** The first offset of the partition {@code 0} that is not committed; 0 before the first commit. */
    public long committed() {
        return committed(PARTITION);
    }

    /** The first offset of a partition that is not committed; 0 before the first commit. */
    public synchronized long committed(String partition) {
        return committed.getOrDefault(partition, 0L);
    }

    @Override
    public SourceReader<T> open(SourceContext context) {
        return new Reader(context);
    }

    @Override
    public String describe() {
        return "test source";
    }

    /** A record stays where it was added. */
    @Override
    public boolean isRepeatable() {
        return true;
    }

    private final class Reader implements SourceReader<T> {

        private final SourceContext context;
        /** How many records of a partition have been read, or are done since a former start. */
        private final Map<String, Integer> read = new TreeMap<>();

        Reader(SourceContext context) {
            this.context = context;
            if (!context.isPreview()) {
                synchronized (TestSource.this) {
                    partitions.forEach((name, records) -> read.put(name, doneOf(records, committed(name))));
                }
            }
        }

        private int doneOf(List<PipelineRecord<T>> records, long frontier) {
            return (int) records.stream()
                    .takeWhile(record -> record.offset() < frontier)
                    .count();
        }

        @Override
        public List<PipelineRecord<T>> poll(Duration timeout) throws Exception {
            List<PipelineRecord<T>> records = next();
            if (!records.isEmpty()) {
                return records;
            }
            context.idle(timeout.isZero() ? UNTIL_ADDED : timeout);
            return next();
        }

        private List<PipelineRecord<T>> next() throws Exception {
            synchronized (TestSource.this) {
                Exception failure = failures.poll();
                if (failure != null) {
                    throw failure;
                }
                List<PipelineRecord<T>> polled = new ArrayList<>();
                partitions.forEach((name, records) -> {
                    int from = read.getOrDefault(name, 0);
                    int to = Math.min(records.size(), from + context.pollLimit() - polled.size());
                    polled.addAll(records.subList(from, to));
                    read.put(name, to);
                });
                return polled;
            }
        }

        @Override
        public boolean isExhausted() {
            synchronized (TestSource.this) {
                return hasEnd && lag().values().stream().allMatch(left -> left == 0);
            }
        }

        @Override
        public Map<String, Long> lag() {
            synchronized (TestSource.this) {
                Map<String, Long> lag = new TreeMap<>();
                partitions.forEach(
                        (name, records) -> lag.put(name, (long) records.size() - read.getOrDefault(name, 0)));
                return lag;
            }
        }

        @Override
        public void commit(Map<String, Long> frontier) {
            synchronized (TestSource.this) {
                committed.putAll(frontier);
            }
        }
    }
}
