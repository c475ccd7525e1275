package dev.millrace.faults;

import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.OffsetRun;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A source with the crash points of reading, committing and rebalancing around it.
 *
 * @param isCommittingAtPoll a mutant, for the oracle to catch: it commits what it has read, not what is done
 */
record WatchedSource<T>(Source<T> source, CrashPoint crash, Journal journal, boolean isCommittingAtPoll)
        implements Source<T> {

    @Override
    public SourceReader<T> open(SourceContext context) throws Exception {
        SourceReader<T> reader = source.open(new Context(context, crash, journal));
        return new Reader<>(reader, crash, journal, isCommittingAtPoll ? new HashMap<>() : null);
    }

    @Override
    public boolean isRepeatable() {
        return source.isRepeatable();
    }

    private record Reader<T>(
            SourceReader<T> reader,
            CrashPoint crash,
            Journal journal,
            @Nullable Map<String, Long> polled) implements SourceReader<T> {

        @Override
        public List<PipelineRecord<T>> poll(Duration timeout) throws Exception {
            List<PipelineRecord<T>> records = reader.poll(timeout);
            if (polled != null) {
                records.forEach(record -> polled.put(record.partition(), record.offset() + 1));
            }
            if (!records.isEmpty()) {
                crash.reached("afterPoll");
            }
            return records;
        }

        @Override
        public void commit(Map<String, Long> frontier, Map<String, List<OffsetRun>> beyond) throws Exception {
            crash.reached("beforeCommit");
            journal.note("commit");
            reader.commit(polled == null ? frontier : polled, beyond);
            crash.reached("afterCommitSent");
        }

        @Override
        public void close() throws Exception {
            crash.reached("inClose");
            reader.close();
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
        public List<String> troubles() {
            return reader.troubles();
        }

        @Override
        public Map<String, Long> lag() {
            return reader.lag();
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
    }

    private record Context(SourceContext context, CrashPoint crash, Journal journal) implements SourceContext {

        @Override
        public void assigned(Collection<String> partitions) {
            journal.note("assigned");
            context.assigned(partitions);
        }

        @Override
        public Map<String, Long> revoked(Collection<String> partitions) {
            journal.note("revoked");
            Map<String, Long> frontier = context.revoked(partitions);
            crash.reached("inRevoke");
            return frontier;
        }

        @Override
        public void lost(Collection<String> partitions) {
            journal.note("lost");
            context.lost(partitions);
            crash.reached("inLost");
        }

        @Override
        public void dataLost(Collection<DataLoss> losses) {
            journal.note("dataLost");
            context.dataLost(losses);
        }

        @Override
        public int pollLimit() {
            return context.pollLimit();
        }

        @Override
        public String pipeline() {
            return context.pipeline();
        }

        @Override
        public String stage() {
            return context.stage();
        }

        @Override
        public long nanoTime() {
            return context.nanoTime();
        }

        @Override
        public Executor blocking() {
            return context.blocking();
        }
    }
}
