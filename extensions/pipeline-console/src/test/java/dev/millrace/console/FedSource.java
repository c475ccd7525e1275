package dev.millrace.console;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Gives what a test feeds it, without end. */
final class FedSource implements Source<String> {

    private final BlockingQueue<PipelineRecord<String>> waiting = new LinkedBlockingQueue<>();
    private volatile Map<String, Long> lag = Map.of();

    FedSource feed(String partition, long from, String... values) {
        for (int i = 0; i < values.length; i++) {
            waiting.add(PipelineRecord.of(values[i], partition, from + i));
        }
        return this;
    }

    /** So many records follow those that have been polled. */
    FedSource lag(String partition, long records) {
        lag = Map.of(partition, records);
        return this;
    }

    @Override
    public String describe() {
        return "what a test feeds";
    }

    @Override
    public SourceReader<String> open(SourceContext context) {
        return new SourceReader<>() {
            @Override
            public List<PipelineRecord<String>> poll(Duration timeout) throws InterruptedException {
                List<PipelineRecord<String>> records = new ArrayList<>();
                PipelineRecord<String> first = waiting.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    records.add(first);
                    waiting.drainTo(records, context.pollLimit() - 1);
                }
                return records;
            }

            @Override
            public Map<String, Long> lag() {
                return lag;
            }
        };
    }
}
