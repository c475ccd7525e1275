package dev.millrace.pipeline.testing;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A log of some partitions that each start reads on from where it was committed, to its end. */
public final class LogSource<T> implements Source<T> {

    private final Map<String, List<T>> log = new TreeMap<>();
    private final Map<String, Long> committed = new TreeMap<>();

    public synchronized LogSource<T> append(String partition, List<? extends T> values) {
        log.computeIfAbsent(partition, name -> new ArrayList<>()).addAll(values);
        return this;
    }

    /** The offset that the next start begins with. */
    public synchronized long committed(String partition) {
        return committed.getOrDefault(partition, 0L);
    }

    /** Whether all has been committed. */
    public synchronized boolean isDone() {
        return log.entrySet().stream()
                .allMatch(each -> committed(each.getKey()) == each.getValue().size());
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public SourceReader<T> open(SourceContext context) {
        return new Reader(context);
    }

    private final class Reader implements SourceReader<T> {

        private final SourceContext context;
        private final Map<String, Long> positions;
        private boolean isAssigned;

        Reader(SourceContext context) {
            this.context = context;
            synchronized (LogSource.this) {
                positions = new TreeMap<>(committed);
            }
        }

        /** Some of each partition. */
        @Override
        public List<PipelineRecord<T>> poll(Duration timeout) {
            synchronized (LogSource.this) {
                if (!isAssigned && !context.isPreview()) {
                    isAssigned = true;
                    context.assigned(log.keySet());
                }
                List<PipelineRecord<T>> records = new ArrayList<>();
                int each = Math.max(1, context.pollLimit() / log.size());
                log.forEach((partition, values) -> {
                    long from = positions.getOrDefault(partition, 0L);
                    long to = Math.min(values.size(), from + each);
                    for (long offset = from; offset < to; offset++) {
                        records.add(PipelineRecord.of(values.get((int) offset), partition, offset));
                    }
                    positions.put(partition, to);
                });
                return records;
            }
        }

        @Override
        public boolean isExhausted() {
            synchronized (LogSource.this) {
                return log.entrySet().stream()
                        .allMatch(each -> positions.getOrDefault(each.getKey(), 0L)
                                == each.getValue().size());
            }
        }

        @Override
        public void commit(Map<String, Long> frontier) {
            synchronized (LogSource.this) {
                committed.putAll(frontier);
            }
        }
    }
}
