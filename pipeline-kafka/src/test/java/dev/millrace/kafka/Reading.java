package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.fail;

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
import java.util.function.BooleanSupplier;

/** A source opened by a test, which does all that the engine's source loop would. */
final class Reading<T> implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long BACK_OFF_NANOS = 20_000_000;

    final TestContext context;
    final SourceReader<T> reader;
    final List<PipelineRecord<T>> records = new ArrayList<>();

    Reading(Source<T> source, String pipeline) throws Exception {
        this.context = new TestContext(pipeline);
        this.reader = source.open(context);
    }

    static <T> Reading<T> of(Source<T> source) throws Exception {
        return new Reading<>(source, Broker.newGroup());
    }

    /** Brings nothing where the source is unavailable for now, which the engine takes for a reason to poll again. */
    Reading<T> poll() throws Exception {
        try {
            records.addAll(reader.poll(Duration.ofMillis(50)));
        } catch (UnavailableException forNow) {
            LockSupport.parkNanos(BACK_OFF_NANOS);
        }
        return this;
    }

    /** Polls until so many records were read in all. */
    Reading<T> until(int count) throws Exception {
        return until("read " + count + " records", () -> records.size() >= count);
    }

    Reading<T> until(String what, BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                fail("has not " + what + " within " + LIMIT + ", but " + records + " " + context.events);
            }
            poll();
        }
        return this;
    }

    Reading<T> untilAssigned() throws Exception {
        return until("been assigned", () -> context.events.stream().anyMatch(event -> event.startsWith("assigned")));
    }

    /** Polls until the reader says that there is no more. */
    Reading<T> untilExhausted() throws Exception {
        return until("come to the end", reader::isExhausted);
    }

    /** Commits all that was read. */
    Reading<T> commitAll() throws Exception {
        Map<String, Long> frontier = new HashMap<>();
        records.forEach(record -> frontier.merge(record.partition(), record.offset() + 1, Math::max));
        context.done.putAll(frontier);
        reader.commit(frontier);
        return this;
    }

    List<T> values() {
        return records.stream().map(PipelineRecord::value).toList();
    }

    @Override
    public void close() throws Exception {
        reader.close();
        context.close();
    }
}
