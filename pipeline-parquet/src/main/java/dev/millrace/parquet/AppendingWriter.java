package dev.millrace.parquet;

import dev.millrace.files.internal.TargetFile;
import dev.millrace.parquet.Positions.Position;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.WriteResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Adds a file per partition of a batch, without the rows that are in a file already.
 *
 * <p>A record may become several rows, equal ones among them, and a batch may end between these. They are not the same
 * row come again: so how many of a fingerprint there have been of a partition's last offset is known from batch to
 * batch.
 */
final class AppendingWriter<T extends Record> implements SinkWriter<T> {

    private final Path directory;
    private final RowType<T> rows;
    private final PartDirectory<T> parts;
    private final StageContext context;
    private final Map<String, Tail> tails = new HashMap<>();
    /** Held by the one thread that writes. */
    private final ReentrantLock writing = new ReentrantLock();

    private volatile boolean isClosed;

    AppendingWriter(Path directory, RowWriter<T> rows, StageContext context) {
        this.directory = directory;
        this.rows = rows.rows();
        this.parts = new PartDirectory<>(directory, context.pipeline() + "|" + context.stage(), rows);
        this.context = context;
    }

    private record Item<T>(PipelineRecord<T> record, Position position, long fingerprint) {}

    /** The rows there have been of the offset that a partition's last batch ended in. */
    private record Tail(long offset, List<Long> writeTimestamps, List<Long> fingerprints) {}

    @Override
    public CompletionStage<WriteResult> write(List<PipelineRecord<T>> batch) {
        return context.blocking(() -> {
            writing.lock();
            try {
                return append(batch);
            } catch (IOException e) {
                throw TargetFile.unavailable(directory, e);
            } finally {
                writing.unlock();
            }
        });
    }

    private WriteResult append(List<PipelineRecord<T>> batch) throws IOException {
        if (isClosed) {
            throw new IOException("the pipeline has been closed");
        }
        Map<Integer, Throwable> refused = new HashMap<>();
        Map<String, List<Item<T>>> partitions = new LinkedHashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            PipelineRecord<T> record = batch.get(i);
            try {
                partitions
                        .computeIfAbsent(record.partition(), name -> new ArrayList<>())
                        .add(item(record));
            } catch (RefusedRecordException e) {
                refused.put(i, e);
            }
        }
        try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
            List<Path> files = parts.files();
            for (Map.Entry<String, List<Item<T>>> partition : partitions.entrySet()) {
                if (!partition.getValue().isEmpty()) {
                    append(partition.getKey(), partition.getValue(), files);
                }
            }
        }
        return WriteResult.failed(refused);
    }

    private Item<T> item(PipelineRecord<T> record) {
        Position position = Position.of(record);
        long fingerprint = rows.fingerprint(position.offset(), position.timestamp(), record.value());
        return new Item<>(record, position, fingerprint);
    }

    private void append(String partition, List<Item<T>> items, List<Path> files) throws IOException {
        Map<Long, Integer> held = held(partition, items, files);
        Tail tail = tailBefore(partition, items.get(0).record());
        Map<Long, Integer> counts = new HashMap<>();
        tail.fingerprints().forEach(fingerprint -> counts.merge(fingerprint, 1, Integer::sum));
        List<PipelineRecord<T>> missing = new ArrayList<>();
        for (Item<T> item : items) {
            int count = counts.merge(item.fingerprint(), 1, Integer::sum);
            if (!item.position().isCertain() || count > held.getOrDefault(item.fingerprint(), 0)) {
                missing.add(item.record());
            }
        }
        if (!missing.isEmpty()) {
            parts.write(name(partition, missing), missing, files);
        }
        tails.put(partition, tailAfter(tail, items));
    }

    private Map<Long, Integer> held(String partition, List<Item<T>> items, List<Path> files) throws IOException {
        Set<Position> positions = new HashSet<>();
        for (Item<T> item : items) {
            if (item.position().isCertain()) {
                positions.add(item.position());
            }
        }
        if (positions.isEmpty()) {
            return Map.of();
        }
        return parts.held(name(partition, items.stream().map(Item::record).toList()), positions, files);
    }

    /** What there has been of the offset that a batch begins with, before that batch and any attempt at it. */
    private Tail tailBefore(String partition, PipelineRecord<T> first) {
        Tail before = new Tail(first.offset(), new ArrayList<>(), new ArrayList<>());
        Tail known = tails.get(partition);
        if (known == null || known.offset() != first.offset()) {
            return before;
        }
        for (int i = 0; i < known.writeTimestamps().size(); i++) {
            if (known.writeTimestamps().get(i) < first.writeTimestamp()) {
                before.writeTimestamps().add(known.writeTimestamps().get(i));
                before.fingerprints().add(known.fingerprints().get(i));
            }
        }
        return before;
    }

    private static <T> Tail tailAfter(Tail before, List<Item<T>> items) {
        long last = items.get(items.size() - 1).record().offset();
        Tail after = last == before.offset() ? before : new Tail(last, new ArrayList<>(), new ArrayList<>());
        for (Item<T> item : items) {
            if (item.record().offset() == last) {
                after.writeTimestamps().add(item.record().writeTimestamp());
                after.fingerprints().add(item.fingerprint());
            }
        }
        return after;
    }

    private PartName name(String partition, List<PipelineRecord<T>> records) {
        long first = records.stream().mapToLong(PipelineRecord::offset).min().orElseThrow();
        long last = records.stream().mapToLong(PipelineRecord::offset).max().orElseThrow();
        return new PartName(PartName.escaped(partition), first, last);
    }

    /** Does not wait for a batch that is being written; none that waits for its turn is. */
    @Override
    public void close() {
        isClosed = true;
    }
}
