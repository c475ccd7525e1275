package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Hands everything on; a base for readers that do one thing wrong. */
class SimWrappedReader implements SourceReader<SimValue> {

    final SourceReader<SimValue> reader;

    SimWrappedReader(SourceReader<SimValue> reader) {
        this.reader = reader;
    }

    @Override
    public List<PipelineRecord<SimValue>> poll(Duration timeout) throws Exception {
        return reader.poll(timeout);
    }

    @Override
    public boolean isExhausted() {
        return reader.isExhausted();
    }

    @Override
    public boolean finish() {
        return reader.finish();
    }

    @Override
    public boolean isPausable() {
        return reader.isPausable();
    }

    @Override
    public void pause(Collection<String> partitions) {
        reader.pause(partitions);
    }

    @Override
    public void resume(Collection<String> partitions) {
        reader.resume(partitions);
    }

    @Override
    public void wakeup() {
        reader.wakeup();
    }

    @Override
    public void commit(Map<String, Long> frontier) throws Exception {
        reader.commit(frontier);
    }

    @Override
    public void close() throws Exception {
        reader.close();
    }
}
