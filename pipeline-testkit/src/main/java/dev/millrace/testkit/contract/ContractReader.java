package dev.millrace.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Polls a reader as the engine does, and holds each poll against what all of them promise. */
final class ContractReader<T> implements AutoCloseable {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(20);
    private static final long BACK_OFF_NANOS = 20_000_000;

    final SourceReader<T> reader;
    private final ContractSourceContext context;
    private final Map<String, Long> next = new HashMap<>();

    private final Duration patience;

    private ContractReader(SourceReader<T> reader, ContractSourceContext context, Duration patience) {
        this.reader = reader;
        this.context = context;
        this.patience = patience;
    }

    static <T> ContractReader<T> open(Source<T> source, ContractSourceContext context, Duration patience)
            throws Exception {
        return new ContractReader<>(source.unwrapped().open(context), context, patience);
    }

    /** As the engine does, which polls again where the source is unavailable for now. */
    List<PipelineRecord<T>> poll() throws Exception {
        try {
            return poll(POLL_TIMEOUT);
        } catch (UnavailableException forNow) {
            LockSupport.parkNanos(BACK_OFF_NANOS);
            return List.of();
        }
    }

    List<PipelineRecord<T>> poll(Duration timeout) throws Exception {
        List<PipelineRecord<T>> records = reader.poll(timeout);
        assertTrue(
                records.size() <= context.pollLimit(),
                () -> records.size() + " records in a poll, where the limit is " + context.pollLimit());
        for (PipelineRecord<T> record : records) {
            context.assertOwned(record.partition());
            Long former = next.put(record.partition(), record.offset() + 1);
            assertTrue(
                    former == null || record.offset() >= former,
                    () -> record.position() + " came behind offset " + (former - 1));
        }
        reader.lag().forEach((partition, lag) -> assertTrue(lag >= 0, () -> "a lag of " + lag + " in " + partition));
        assertEquals(List.copyOf(reader.troubles()), reader.troubles(), "troubles");
        return records;
    }

    /** Polls until there are so many. */
    List<PipelineRecord<T>> read(int count) throws Exception {
        List<PipelineRecord<T>> records = new ArrayList<>();
        long start = System.nanoTime();
        while (records.size() < count) {
            records.addAll(poll());
            assertTrue(
                    System.nanoTime() - start < patience.toNanos(),
                    () -> "only " + records.size() + " of " + count + " records came");
        }
        return records;
    }

    /** Polls until the reader says that it has come to its end. */
    List<PipelineRecord<T>> readToTheEnd() throws Exception {
        List<PipelineRecord<T>> records = new ArrayList<>();
        long start = System.nanoTime();
        while (!reader.isExhausted()) {
            records.addAll(poll());
            assertTrue(
                    System.nanoTime() - start < patience.toNanos(),
                    () -> "it has not come to its end; " + records.size() + " records came");
        }
        return records;
    }

    /** Tells the reader that all up to and including these is done. */
    void commit(List<PipelineRecord<T>> records) throws Exception {
        Map<String, Long> frontier = new HashMap<>();
        records.forEach(record -> frontier.merge(record.partition(), record.offset() + 1, Math::max));
        context.done(frontier);
        reader.commit(frontier, Map.of());
    }

    @Override
    public void close() throws Exception {
        reader.close();
    }
}
