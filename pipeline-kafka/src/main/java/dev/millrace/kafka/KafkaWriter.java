package dev.millrace.kafka;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.SinkWriter;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.UnavailableException;
import dev.millrace.pipeline.spi.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/*
 * One idempotent producer.
 *
 * Not blocking. Producer.send blocks where it has no metadata for a topic, which goes stale whenever a topic idles, and
 * where its buffer is full. No bound of ours on the bytes in flight would rule out the first. So batches are sent by a
 * blocking thread, one batch after the other, which keeps their order and costs one hand-off a batch. It also means that
 * a serializer is never called by two threads at once.
 *
 * Order. The producer keeps it among the records that it has taken, retrying without limit. A record that it could not
 * take for lack of metadata or of room, or as its password is refused, is offered again before any other, here, so that
 * none overtakes it: for as long as its topic exists and the writer is open. So batches may be under way in any number, as
 * isPipelined says. Only records whose topic is deleted are given up, and the producer may still write them if it is made
 * again.
 */
final class KafkaWriter<T> implements SinkWriter<T> {

    private static final long OFFER_PAUSE_MILLIS = 500;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final RecordEncoder<T> encoder;
    private final KnownTopics topics;
    private final UnderWay underWay;
    private final Executor sender;
    private volatile boolean closed;

    KafkaWriter(
            Producer<byte[], byte[]> producer,
            RecordEncoder<T> encoder,
            KnownTopics topics,
            UnderWay underWay,
            StageContext context) {
        this.producer = producer;
        this.encoder = encoder;
        this.topics = topics;
        this.underWay = underWay;
        this.sender = new SerialExecutor(context.blocking());
    }

    /** With topics that must exist; others may be written, too. */
    static <T> KafkaWriter<T> open(
            ClientProperties properties, List<String> required, RecordEncoder<T> encoder, StageContext context)
            throws InterruptedException {
        SinkFailures failures = new SinkFailures(Set.copyOf(required));
        KnownTopics topics = new KnownTopics(properties, failures, context);
        for (String topic : required) {
            topics.requireAtStart(topic);
        }
        try {
            return new KafkaWriter<>(
                    new KafkaProducer<>(
                            ClientConfigs.producer(properties, context),
                            new ByteArraySerializer(),
                            new ByteArraySerializer()),
                    encoder,
                    topics,
                    new UnderWay(topics, failures, context, ClientConfigs.topicsAskedEvery(properties)),
                    context);
        } catch (KafkaException e) {
            throw ClientFailures.notCreated(properties.servers(), e);
        }
    }

    @Override
    public CompletionStage<WriteResult> write(List<PipelineRecord<T>> batch) {
        BatchDelivery delivery = underWay.begin(batch.size());
        sender.execute(() -> send(batch, delivery));
        return delivery.result();
    }

    private void send(List<PipelineRecord<T>> batch, BatchDelivery delivery) {
        for (int i = 0; i < batch.size(); i++) {
            try {
                ProducerRecord<byte[], byte[]> record = fitting(batch.get(i));
                send(record, delivery.of(i, record.topic()));
            } catch (Throwable e) { // An Error too is this record's failure; what is not told here would never be.
                delivery.failed(i, e);
            }
        }
    }

    private ProducerRecord<byte[], byte[]> fitting(PipelineRecord<T> original) throws InterruptedException {
        ProducerRecord<byte[], byte[]> record = encoder.encode(original);
        int largest = topics.largestRecord(record.topic());
        long size = RecordSize.upperBound(record);
        if (size <= largest) {
            return record;
        }
        ProducerRecord<byte[], byte[]> shortened = encoder.shortened(original);
        if (shortened == null || RecordSize.upperBound(shortened) > largest) {
            throw new RefusedRecordException("the record is too large for topic '" + record.topic() + "': it comes to "
                    + size + " bytes, more than " + largest);
        }
        return shortened;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the delivery is told as well
    private void send(ProducerRecord<byte[], byte[]> record, RecordDelivery delivery) throws InterruptedException {
        while (true) {
            if (closed) {
                delivery.failed(new UnavailableException("the sink is closed"));
                return;
            }
            try {
                producer.send(record, delivery);
            } catch (KafkaException | IllegalStateException e) {
                boolean isEnding = closed || e instanceof InterruptException;
                delivery.failed(isEnding ? new UnavailableException("the sink is closed", e) : SinkFailures.ended(e));
                return;
            }
            if (!delivery.isToBeOfferedAgain()) {
                return;
            }
            String reason = delivery.reason();
            Throwable loss = delivery.isSettled() ? null : underWay.lossOf(record.topic(), reason);
            if (loss != null) {
                delivery.failed(loss);
            }
            if (delivery.isSettled()) {
                return;
            }
            Thread.sleep(OFFER_PAUSE_MILLIS); // a refused password is told at once
        }
    }

    @Override
    public boolean isPipelined() {
        return true;
    }

    /** What is still in flight after the limit is given up, and its records fail as unavailable. */
    @Override
    public void close() {
        closed = true;
        underWay.close();
        producer.close(CLOSE_LIMIT);
    }
}
