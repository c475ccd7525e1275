package dev.millrace.faults;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A sink that takes rows of one key and never answers. */
record StuckKey(Sink<EventRow> sink, String key) implements Sink<EventRow> {

    @Override
    public SinkWriter<EventRow> open(StageContext context) throws Exception {
        return new Writer(sink.open(context), key);
    }

    private record Writer(SinkWriter<EventRow> writer, String key) implements SinkWriter<EventRow> {

        @Override
        public CompletionStage<WriteResult> write(List<PipelineRecord<EventRow>> batch) throws Exception {
            boolean isStuck =
                    batch.stream().anyMatch(record -> record.value().key().equals(key));
            return isStuck ? new CompletableFuture<>() : writer.write(batch);
        }

        @Override
        public boolean isPipelined() {
            return writer.isPipelined();
        }

        @Override
        public void close() throws Exception {
            writer.close();
        }
    }
}
