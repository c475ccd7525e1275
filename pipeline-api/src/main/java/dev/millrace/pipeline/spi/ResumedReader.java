package dev.millrace.pipeline.spi;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.record.PipelineRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/*
 * Passes over what is done. The position of a partition is loaded when its first record comes, which waits meanwhile. It
 * cannot be paused partition by partition: such a record might be of one that is.
 */
final class ResumedReader<T> implements SourceReader<T> {

    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(10);
    private static final int QUIET = 2;

    private final SourceReader<T> reader;
    private final StateTable table;
    private final ThrowingFunction<? super T, byte[]> identity;
    private final SourceContext context;

    private final Map<String, ResumedPartition> partitions = new HashMap<>();
    private final ArrayDeque<PipelineRecord<T>> waiting = new ArrayDeque<>();
    private @Nullable CompletableFuture<List<KeptState>> loading;
    private int emptyPolls;
    /** Whether it is to come to an end of which its source cannot tell. */
    private boolean isFinishing;

    private final Map<String, List<KeptState>> unsaved = new HashMap<>();
    private @Nullable Saving saving;

    private record Saving(Map<String, List<KeptState>> states, CompletableFuture<Void> answer) {}

    ResumedReader(
            SourceReader<T> reader,
            StateTable table,
            ThrowingFunction<? super T, byte[]> identity,
            SourceContext context) {
        this.reader = reader;
        this.table = table;
        this.identity = identity;
        this.context = context;
    }

    @Override
    public List<PipelineRecord<T>> poll(Duration timeout) throws Exception {
        long end = context.nanoTime() + timeout.toNanos();
        List<PipelineRecord<T>> records = List.of();
        boolean goesOn = true;
        while (goesOn) {
            if (waiting.isEmpty()) {
                waiting.addAll(reader.poll(timeout));
                emptyPolls = waiting.isEmpty() ? emptyPolls + 1 : 0;
            }
            boolean hasMore = !waiting.isEmpty();
            records = yetToDo(end);
            // However small polls are, it is a long way through what is done.
            goesOn = hasMore && records.isEmpty() && context.nanoTime() - end < 0;
        }
        if (waiting.isEmpty() && reader.isExhausted()) {
            partitions.values().forEach(ResumedPartition::requireReached);
        }
        return records;
    }

    /** Of what waits, up to the first record of a partition that is yet to be loaded. */
    private List<PipelineRecord<T>> yetToDo(long end) throws Exception {
        List<PipelineRecord<T>> records = new ArrayList<>();
        while (!waiting.isEmpty()) {
            PipelineRecord<T> record = waiting.element();
            ResumedPartition partition = partitions.get(record.partition());
            if (partition == null && records.isEmpty()) {
                partition = load(record.partition(), end);
            }
            if (partition == null) {
                return records;
            }
            if (partition.isNew(record.offset(), identity.apply(record.value()))) {
                records.add(record);
            } else {
                reader.commit(Map.of(record.partition(), record.offset() + 1));
            }
            waiting.remove();
        }
        return records;
    }

    /** The partition; null where it has not come by then. */
    private @Nullable ResumedPartition load(String name, long end) throws Exception {
        CompletableFuture<List<KeptState>> answer = loading;
        if (answer == null) {
            answer = table.load(name).toCompletableFuture();
            loading = answer;
        }
        try {
            List<KeptState> states = answer.get(Math.max(0, end - context.nanoTime()), TimeUnit.NANOSECONDS);
            loading = null;
            ResumedPartition partition = ResumedPartition.of(name, states);
            partitions.put(name, partition);
            return partition;
        } catch (TimeoutException notYet) {
            return null;
        } catch (ExecutionException failure) {
            loading = null;
            throw causeOf(failure);
        }
    }

    @Override
    public boolean isExhausted() {
        return waiting.isEmpty() && (reader.isExhausted() || isFinishing && emptyPolls >= QUIET);
    }

    /** Polls that bring nothing are no sign of an end here. */
    @Override
    public boolean finish() {
        isFinishing = !reader.finish();
        emptyPolls = 0;
        return true;
    }

    @Override
    public List<String> troubles() {
        return reader.troubles();
    }

    @Override
    public void wakeup() {
        reader.wakeup();
    }

    @Override
    public Map<String, Long> lag() {
        return reader.lag();
    }

    @Override
    public void commit(Map<String, Long> frontier) throws Exception {
        reader.commit(frontier);
        for (Map.Entry<String, Long> each : frontier.entrySet()) {
            ResumedPartition partition = partitions.get(each.getKey());
            KeptState done = partition == null ? null : partition.done(each.getValue());
            if (done != null) {
                unsaved.put(each.getKey(), List.of(done));
            }
        }
        save();
    }

    /** One save at a time: what is done meanwhile is saved with the next commit, as is what could not be. */
    private void save() throws Exception {
        Saving last = saving;
        if (last != null && !last.answer.isDone()) {
            return;
        }
        if (last != null) {
            saving = null;
            settle(last);
        }
        if (!unsaved.isEmpty()) {
            Map<String, List<KeptState>> states = Map.copyOf(unsaved);
            saving = new Saving(states, table.save(states).toCompletableFuture());
            unsaved.clear();
        }
    }

    private void settle(Saving ended) throws Exception {
        try {
            ended.answer.get();
        } catch (ExecutionException failure) {
            ended.states.forEach(unsaved::putIfAbsent);
            throw causeOf(failure);
        }
    }

    private static Exception causeOf(ExecutionException failure) {
        return failure.getCause() instanceof Exception cause ? cause : failure;
    }

    /** Saves what is yet to be saved. */
    @Override
    public void close() throws Exception {
        try (reader;
                table) {
            long end = context.nanoTime() + PATIENCE_AT_THE_END.toNanos();
            while (saving != null || !unsaved.isEmpty()) {
                if (saving != null) {
                    awaitSaved(saving, end);
                }
                save();
            }
        }
    }

    private void awaitSaved(Saving last, long end) throws Exception {
        try {
            last.answer.get(Math.max(0, end - context.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new UnavailableException(
                    "the position was not saved within " + PATIENCE_AT_THE_END + ": what is behind it comes again",
                    late);
        } catch (ExecutionException failure) {
            // It is told, or tried again, by who settles it.
        }
    }
}
