package dev.millrace.kafka;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What becomes of one record. The producer answers on its own thread, or on the sender's within {@code send}. */
final class RecordDelivery implements Callback {

    private final BatchDelivery batch;
    private final int index;
    private final String topic;
    private final Thread sender = Thread.currentThread();
    private @Nullable Exception refused;

    RecordDelivery(BatchDelivery batch, int index, String topic) {
        this.batch = batch;
        this.index = index;
        this.topic = topic;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the thread itself is meant
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        if (failure == null) {
            batch.written(index);
        } else if (failure instanceof TimeoutException && Thread.currentThread() == sender) {
            refused = failure; // not taken at all: no metadata, or no room
        } else {
            failed(failure);
        }
    }

    /** Whether {@code send} has just returned without taking the record, for want of time. Asked once for each send. */
    boolean isToBeOfferedAgain() {
        return refused != null;
    }

    String reason() {
        Exception reason = refused;
        refused = null;
        return reason == null ? "" : String.valueOf(reason.getMessage());
    }

    /** Whether it has been answered for, be it by others. */
    boolean isSettled() {
        return batch.isSettled(index);
    }

    void failed(Throwable failure) {
        batch.failed(index, SinkFailures.translated(topic, failure));
    }
}
