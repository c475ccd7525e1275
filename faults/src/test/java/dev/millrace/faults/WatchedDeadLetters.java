package dev.millrace.faults;

import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A store of dead letters with the crash points around it.
 *
 * @param isNotAwaited a mutant, for the oracle to catch: a dead letter counts as stored before it is
 */
record WatchedDeadLetters(Sink<DeadLetter> store, CrashPoint crash, boolean isNotAwaited) implements Sink<DeadLetter> {

    @Override
    public SinkWriter<DeadLetter> open(StageContext context) throws Exception {
        return new Writer(store.open(context), crash, isNotAwaited);
    }

    private record Writer(SinkWriter<DeadLetter> writer, CrashPoint crash, boolean isNotAwaited)
            implements SinkWriter<DeadLetter> {

        @Override
        public CompletionStage<WriteResult> write(List<PipelineRecord<DeadLetter>> batch) throws Exception {
            crash.reached("beforeDlqSend");
            if (isNotAwaited) {
                CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES).execute(() -> send(batch));
                return WriteResult.alreadyWritten();
            }
            return writer.write(batch).thenApply(result -> {
                crash.reached("afterDlqAckBeforeTrack");
                return result;
            });
        }

        private void send(List<PipelineRecord<DeadLetter>> batch) {
            try {
                CompletionStage<WriteResult> unused = writer.write(batch);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
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
