package dev.millrace.faults;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.WriteResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A sink with the crash points of writing around it, which notes each attempt and each acknowledgement in the journal.
 *
 * @param hangAfter after so many records it takes batches and never answers
 * @param pace when it answers
 */
record WatchedSink(Sink<EventRow> sink, CrashPoint crash, Journal journal, long hangAfter, Pace pace)
        implements Sink<EventRow> {

    @Override
    public SinkWriter<EventRow> open(StageContext context) throws Exception {
        return new Writer(sink.open(context), this, new AtomicLong());
    }

    private record Writer(SinkWriter<EventRow> writer, WatchedSink options, AtomicLong records)
            implements SinkWriter<EventRow> {

        @Override
        public CompletionStage<WriteResult> write(List<PipelineRecord<EventRow>> batch) throws Exception {
            CrashPoint crash = options.crash;
            crash.reached("beforeSinkWrite");
            List<EventRow> rows = batch.stream().map(PipelineRecord::value).toList();
            options.journal.note("attempt", rows);
            if (records.addAndGet(batch.size()) > options.hangAfter) {
                options.journal.note("hung");
                return new CompletableFuture<>();
            }
            if (batch.size() > 1 && crash.isHere("midBatch")) {
                return writer.write(batch.subList(0, batch.size() / 2)).thenApply(half -> {
                    crash.halt();
                    return half;
                });
            }
            return options.pace.delay(batch.size(), writeSound(batch)).thenApply(result -> {
                options.journal.note("ack", written(rows, result));
                crash.reached("afterSinkAckBeforeTrack");
                return result;
            });
        }

        /** As a table would that cannot hold what is poisoned; where no stage before has refused it. */
        private CompletionStage<WriteResult> writeSound(List<PipelineRecord<EventRow>> batch) throws Exception {
            Map<Integer, Throwable> failures = new HashMap<>();
            List<PipelineRecord<EventRow>> sound = new ArrayList<>(batch.size());
            List<Integer> indexes = new ArrayList<>(batch.size());
            for (int i = 0; i < batch.size(); i++) {
                if (batch.get(i).value().isPoisoned()) {
                    failures.put(i, new IllegalStateException("poisoned"));
                } else {
                    sound.add(batch.get(i));
                    indexes.add(i);
                }
            }
            return writer.write(sound).thenApply(result -> {
                result.failures().forEach((index, failure) -> failures.put(indexes.get(index), failure));
                return WriteResult.failed(failures);
            });
        }

        private static List<EventRow> written(List<EventRow> rows, WriteResult result) {
            List<EventRow> written = new ArrayList<>(rows.size());
            for (int i = 0; i < rows.size(); i++) {
                if (!result.failures().containsKey(i)) {
                    written.add(rows.get(i));
                }
            }
            return written;
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
