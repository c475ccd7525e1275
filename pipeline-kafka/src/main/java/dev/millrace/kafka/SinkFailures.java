package dev.millrace.kafka;

import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.util.Set;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Whose fault it is that a record was not written: the record's, that of the moment, or the sink's. Topics that the
 * sink was given are its own matter; any other was chosen by the record.
 */
record SinkFailures(Set<String> given) {

    Throwable translated(String topic, Throwable failure) {
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
        return failure instanceof AuthorizationException refusal ? withoutRight(topic, refusal) : failure;
    }

    /** Of a topic that may not be written. */
    RuntimeException withoutRight(String topic, AuthorizationException refusal) {
        return refusal instanceof TopicAuthorizationException ofTheTopic && !given.contains(topic)
                ? Rights.missingToWriteRecord(topic, ofTheTopic)
                : Rights.missingToWrite(topic, refusal);
    }

    /** Of a topic that is not there, or not any more. */
    RuntimeException missing(String topic, String what) {
        String message = "topic '" + topic + "' " + what;
        return given.contains(topic) ? new StageFailedException(message) : new RefusedRecordException(message);
    }

    /** Of a producer that has met with something that it cannot recover from. */
    static StageFailedException ended(Exception failure) {
        return new StageFailedException(
                "the producer can write no more: " + failure.getClass().getSimpleName(), failure);
    }

    /** Whether no other record can be written either. */
    static boolean isFatal(Throwable failure) {
        return failure instanceof StageFailedException
                || failure instanceof KafkaException
                        && !(failure instanceof SerializationException) // thrown by a serializer, of this record
                        && !isOfTheTopic(failure);
    }

    private static boolean isOfTheTopic(Throwable failure) {
        return failure instanceof TopicAuthorizationException;
    }
}
