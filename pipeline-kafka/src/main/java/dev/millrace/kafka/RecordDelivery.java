package dev.millrace.kafka;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.AuthenticationException;
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
        } else if (Thread.currentThread() == sender && mayPass(failure)) {
            refused = failure; // not taken at all
        } else {
            failed(failure);
        }
    }

    /** For lack of metadata or of room; or the password is refused, for which what has been taken waits, too. */
    private static boolean mayPass(Exception failure) {
        return failure instanceof TimeoutException || failure instanceof AuthenticationException;
    }

    /** Whether {@code send} has just returned without taking the record, which may pass. Asked once for each send. */
    boolean isToBeOfferedAgain() {
        return refused != null;
    }

    String reason() {
        Exception reason = refused;
        refused = null;
        // The text of a time-out is the producer's; that of a refusal may come from anywhere.
        return reason instanceof TimeoutException
                ? String.valueOf(reason.getMessage())
                : reason == null ? "" : reason.getClass().getSimpleName();
    }

    /** Whether it has been answered for, be it by others. */
    boolean isSettled() {
        return batch.isSettled(index);
    }

    void failed(Throwable failure) {
        batch.failed(index, topic, failure);
    }
}
