package dev.millrace.pipeline.testing;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A source that gives what a test feeds it, one start at a time, and remembers what the engine asked of it. */
public final class ManualSource<T> implements Source<T>, SourceReader<T> {

    /** What runs within a poll, as the callbacks of a consumer group do. */
    @FunctionalInterface
    public interface Event {
        void happen(SourceContext context) throws Exception;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<PipelineRecord<T>> waiting = new ArrayDeque<>();
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private final List<Map<String, Long>> commits = new ArrayList<>();
    private final Set<String> paused = new HashSet<>();
    private final boolean isPausable;
    private SourceContext context;
    private boolean isEnded;
    private boolean isWoken;
    private Exception commitFailure;
    private Map<String, Long> lag = Map.of();
    private int taken;
    private int polls;
    private int pauses;
    private int closes;
    private boolean isPolling;

    private ManualSource(boolean isPausable) {
        this.isPausable = isPausable;
    }

    public static <T> ManualSource<T> pausable() {
        return new ManualSource<>(true);
    }

    public static <T> ManualSource<T> unpausable() {
        return new ManualSource<>(false);
    }

    // The test's.

    public ManualSource<T> feed(String partition, long offset, T value) {
        return feed(PipelineRecord.of(value, partition, offset));
    }

    public ManualSource<T> feed(PipelineRecord<T> record) {
        locked(() -> waiting.add(record));
        return this;
    }

    /** After what it has been fed, it is exhausted. */
    public ManualSource<T> end() {
        locked(() -> isEnded = true);
        return this;
    }

    /** Has the event happen within the next poll and waits until it is over. */
    public void within(Event event) {
        CompletableFuture<Void> over = later(event);
        try {
            over.get(1, TimeUnit.MINUTES);
        } catch (Exception failure) {
            throw new AssertionError("the event did not end well", failure);
        }
    }

    /** Has the event happen within the next poll. */
    public CompletableFuture<Void> later(Event event) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        locked(() -> events.add(given -> {
            try {
                event.happen(given);
                over.complete(null);
            } catch (Throwable failure) {
                over.completeExceptionally(failure);
                throw failure;
            }
        }));
        return over;
    }

    /** Has the next poll fail. */
    public void failPollWith(Exception failure) {
        locked(() -> events.add(context -> {
            throw failure;
        }));
    }

    /** So many records follow those polled, as far as the store knows. */
    public void lag(Map<String, Long> records) {
        locked(() -> lag = records);
    }

    public void failCommitsWith(Exception failure) {
        locked(() -> commitFailure = failure);
    }

    public List<Map<String, Long>> commits() {
        return locked(() -> List.copyOf(commits));
    }

    /** The last frontier committed of a partition, or -1. */
    public long committed(String partition) {
        return locked(() -> commits.stream()
                .filter(commit -> commit.containsKey(partition))
                .reduce(Map.of(partition, -1L), (former, latter) -> latter)
                .get(partition));
    }

    public int taken() {
        return locked(() -> taken);
    }

    public int polls() {
        return locked(() -> polls);
    }

    public int pauses() {
        return locked(() -> pauses);
    }

    public boolean isPaused(String partition) {
        return locked(() -> paused.contains(partition));
    }

    /** Whether nothing polls it at the moment. */
    public boolean isIdle() {
        return locked(() -> !isPolling);
    }

    public int closes() {
        return locked(() -> closes);
    }

    // The engine's.

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public SourceReader<T> open(SourceContext given) {
        context = given;
        return this;
    }

    @Override
    public List<PipelineRecord<T>> poll(Duration timeout) throws Exception {
        List<Event> due = locked(() -> {
            polls++;
            isPolling = true;
            List<Event> all = List.copyOf(events);
            events.clear();
            return all;
        });
        for (Event event : due) {
            event.happen(context);
        }
        lock.lockInterruptibly();
        try {
            long left = timeout.toNanos();
            List<PipelineRecord<T>> records = take();
            while (records.isEmpty() && !isEnded && !isWoken && events.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
                records = take();
            }
            isWoken = false;
            return records;
        } finally {
            isPolling = false;
            lock.unlock();
        }
    }

    private List<PipelineRecord<T>> take() {
        List<PipelineRecord<T>> records = new ArrayList<>();
        Iterator<PipelineRecord<T>> each = waiting.iterator();
        while (each.hasNext() && records.size() < context.pollLimit()) {
            PipelineRecord<T> record = each.next();
            if (!paused.contains(record.partition())) {
                records.add(record);
                each.remove();
            }
        }
        taken += records.size();
        return records;
    }

    @Override
    public boolean isExhausted() {
        return locked(() -> isEnded && waiting.isEmpty());
    }

    @Override
    public boolean isPausable() {
        return isPausable;
    }

    @Override
    public void pause(Collection<String> partitions) {
        locked(() -> {
            pauses++;
            return isPausable && paused.addAll(partitions);
        });
    }

    @Override
    public void resume(Collection<String> partitions) {
        locked(() -> paused.removeAll(partitions));
    }

    @Override
    public void wakeup() {
        locked(() -> isWoken = true);
    }

    @Override
    public void commit(Map<String, Long> frontier) throws Exception {
        Exception failure = locked(() -> {
            if (commitFailure == null) {
                commits.add(Map.copyOf(frontier));
            }
            return commitFailure;
        });
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public Map<String, Long> lag() {
        return locked(() -> lag);
    }

    @Override
    public void close() {
        locked(() -> closes++);
    }

    private <R> R locked(java.util.function.Supplier<R> action) {
        lock.lock();
        try {
            R result = action.get();
            changed.signalAll();
            return result;
        } finally {
            lock.unlock();
        }
    }
}
