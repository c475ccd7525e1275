package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.fail;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What pipelines have written, all of them together, in the order in which it came. Thread-safe. */
final class Collected {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long CHECK_NANOS = 20_000_000;

    private final List<PipelineRecord<String>> records = new ArrayList<>();

    Sink<String> sink() {
        return context -> batch -> {
            add(batch);
            return WriteResult.alreadyWritten();
        };
    }

    void add(List<PipelineRecord<String>> batch) {
        synchronized (records) {
            records.addAll(batch);
        }
    }

    List<PipelineRecord<String>> records() {
        synchronized (records) {
            return List.copyOf(records);
        }
    }

    List<String> values() {
        return records().stream().map(PipelineRecord::value).toList();
    }

    Set<String> distinct() {
        return new TreeSet<>(values());
    }

    int size() {
        synchronized (records) {
            return records.size();
        }
    }

    static void await(String what, BooleanSupplier condition, Supplier<?> otherwise) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                fail("not within " + LIMIT + ": " + what + "; " + otherwise.get());
            }
            LockSupport.parkNanos(CHECK_NANOS);
        }
    }
}
