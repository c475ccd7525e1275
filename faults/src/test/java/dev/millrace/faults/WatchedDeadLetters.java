package dev.millrace.faults;

import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A store of dead letters with the crash points around it. */
record WatchedDeadLetters(Sink<DeadLetter> store, CrashPoint crash) implements Sink<DeadLetter> {

    @Override
    public SinkWriter<DeadLetter> open(StageContext context) throws Exception {
        return new Writer(store.open(context), crash);
    }

    private record Writer(SinkWriter<DeadLetter> writer, CrashPoint crash) implements SinkWriter<DeadLetter> {

        @Override
        public CompletionStage<WriteResult> write(List<PipelineRecord<DeadLetter>> batch) throws Exception {
            crash.reached("beforeDlqSend");
            return writer.write(batch).thenApply(result -> {
                crash.reached("afterDlqAckBeforeTrack");
                return result;
            });
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
