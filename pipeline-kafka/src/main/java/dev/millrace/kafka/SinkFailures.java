package dev.millrace.kafka;

import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.UnavailableException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;

/** Whose fault it is that a record was not written: the record's, that of the moment, or neither. */
final class SinkFailures {

    private SinkFailures() {}

    static Throwable translated(String topic, Throwable failure) {
        if (failure instanceof RecordTooLargeException || failure instanceof RecordBatchTooLargeException) {
            return new RefusedRecordException(
                    "the record is too large for topic '" + topic + "': " + failure.getMessage(), failure);
        }
        if (failure instanceof InvalidTopicException) {
            return new RefusedRecordException("the record is for a topic whose name is not valid", failure);
        }
        if (failure instanceof InvalidRecordException
                || failure instanceof InvalidTimestampException
                || failure instanceof PolicyViolationException
                || failure instanceof SerializationException) {
            return new RefusedRecordException(
                    "topic '" + topic + "' does not take the record: "
                            + failure.getClass().getSimpleName(),
                    failure);
        }
        if (failure instanceof RetriableException) {
            return new UnavailableException(
                    "topic '" + topic + "' cannot be written now: " + failure.getMessage(), failure);
        }
        return failure;
    }

    /** Whether no other record can be written either. */
    static boolean isFatal(Throwable failure) {
        return failure instanceof KafkaException
                && !(failure instanceof SerializationException); // thrown by a serializer, of this record
    }
}
