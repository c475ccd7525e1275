package dev.millrace.pipeline.spi;

import dev.millrace.pipeline.record.PipelineRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A source of raw records and what decodes them. The engine takes the two apart to decode in its workers; a reader
 * opened by anyone else decodes as it polls.
 *
 * @param raw the source of raw records
 * @param decoder makes values of them
 * @param <R> type of the raw values
 * @param <T> type of the decoded values
 */
public record DecodedSource<R, T>(Source<R> raw, Decoder<R, T> decoder) implements Source<T> {

    /** Checks that both are there. */
    public DecodedSource {
        Objects.requireNonNull(raw, "raw");
        Objects.requireNonNull(decoder, "decoder");
    }

    @Override
    public SourceReader<T> open(SourceContext context) throws Exception {
        return new DecodingReader<>(raw.open(context), decoder);
    }

    @Override
    public String describe() {
        return raw.describe();
    }

    @Override
    public boolean isRepeatable() {
        return raw.isRepeatable();
    }

    private record DecodingReader<R, T>(SourceReader<R> raw, Decoder<R, T> decoder) implements SourceReader<T> {

        @Override
        public List<PipelineRecord<T>> poll(Duration timeout) throws Exception {
            List<PipelineRecord<T>> decoded = new ArrayList<>();
            for (PipelineRecord<R> record : raw.poll(timeout)) {
                T value = decoder.decode(record);
                if (value != null) {
                    decoded.add(record.withKey(decoder.decodeKey(record)).withValue(value));
                }
            }
            return decoded;
        }

        @Override
        public boolean isExhausted() {
            return raw.isExhausted();
        }

        @Override
        public boolean finish() {
            return raw.finish();
        }

        @Override
        public List<String> troubles() {
            return raw.troubles();
        }

        @Override
        public boolean isPausable() {
            return raw.isPausable();
        }

        @Override
        public void pause(Collection<String> partitions) {
            raw.pause(partitions);
        }

        @Override
        public void resume(Collection<String> partitions) {
            raw.resume(partitions);
        }

        @Override
        public void wakeup() {
            raw.wakeup();
        }

        @Override
        public void commit(Map<String, Long> frontier) throws Exception {
            raw.commit(frontier);
        }

        @Override
        public void commit(Map<String, Long> frontier, Map<String, List<OffsetRun>> beyond) throws Exception {
            raw.commit(frontier, beyond);
        }

        @Override
        public Map<String, Long> lag() {
            return raw.lag();
        }

        @Override
        public void close() throws Exception {
            raw.close();
        }
    }
}
