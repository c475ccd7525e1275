package dev.millrace.kafka;

import dev.millrace.pipeline.spi.UnavailableException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/** Failures of the clients themselves, in one line each. */
final class ClientFailures {

    private ClientFailures() {}

    /** Why a client could not be made. */
    static RuntimeException notCreated(String servers, KafkaException e) {
        Throwable cause = e;
        while (cause.getCause() != null && !(cause instanceof ConfigException)) {
            cause = cause.getCause();
        }
        if (cause instanceof ConfigException
                && String.valueOf(cause.getMessage()).contains("bootstrap")) {
            return new UnavailableException("no Kafka broker reachable: no host of " + servers + " has an address", e);
        }
        return e;
    }
}
