package dev.millrace.kafka;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.Sink;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.WriteResult;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Puts the records of dead letters back into their topics, and counts them. */
record ReplaySink(ClientProperties cluster, RedriveCounts counts) implements Sink<StoredLetter> {

    private static final Logger LOG = System.getLogger("dev.millrace.kafka");

    @Override
    public SinkWriter<StoredLetter> open(StageContext context) throws Exception {
        return new Replaying(
                KafkaWriter.open(cluster, List.of(), record -> replayed(record.value()), context),
                counts,
                "[" + context.pipeline() + "|" + context.stage() + "]");
    }

    /**
     * The record as it was, and how often it was put back. Its partition follows from its key, as with any producer.
     */
    static ProducerRecord<byte[], byte[]> replayed(StoredLetter letter) {
        RecordHeaders headers = letter.original();
        DeadLetterHeaders.add(headers, StoredLetter.REPLAYS, Integer.toString(letter.replays() + 1));
        return new ProducerRecord<>(letter.topic(), null, letter.timestamp(), letter.key(), letter.value(), headers);
    }

    @Override
    public String describe() {
        return "Kafka topics that the letters came from";
    }

    private record Replaying(SinkWriter<StoredLetter> writer, RedriveCounts counts, String place)
            implements SinkWriter<StoredLetter> {

        @Override
        public CompletionStage<WriteResult> write(List<PipelineRecord<StoredLetter>> batch) throws Exception {
            return writer.write(batch).thenApply(result -> counted(batch, result));
        }

        /** What a topic can never take stays in the dead-letter topic; any other failure is the run's. */
        private WriteResult counted(List<PipelineRecord<StoredLetter>> batch, WriteResult result) {
            Map<Integer, Throwable> failures = new HashMap<>();
            for (int i = 0; i < batch.size(); i++) {
                StoredLetter letter = batch.get(i).value();
                Throwable failure = result.failures().get(i);
                if (failure == null) {
                    counts.replayed(letter);
                } else if (failure instanceof RefusedRecordException) {
                    counts.refused("its topic does not take it", letter.position());
                    LOG.log(Level.WARNING, "{0} leaves {1}: {2}", place, letter, failure.getMessage());
                } else {
                    // Of its message the log would tell nothing, and there is no policy that would go on without the
                    // right.
                    failures.put(
                            i,
                            failure instanceof TopicAuthorizationException refusal
                                    ? Rights.missingToWrite(letter.topic(), refusal)
                                    : failure);
                }
            }
            return WriteResult.failed(failures);
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
