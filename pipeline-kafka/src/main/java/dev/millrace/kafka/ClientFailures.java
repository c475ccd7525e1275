package dev.millrace.kafka;

import dev.millrace.pipeline.spi.UnavailableException;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/** Failures of the clients themselves, in one line each. */
final class ClientFailures {

    /** Alerts by which a broker refuses what a client has shown it, or that it has shown nothing. */
    private static final Pattern OF_THE_CLIENT =
            Pattern.compile("alert: (bad_certificate|certificate_(required|unknown|expired)|unknown_ca)");

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

    /** With the reason why there is no TLS, which the clients bury in causes; it is the JDK's, and holds no secret. */
    static RuntimeException explained(String servers, RuntimeException failure) {
        if (!(failure instanceof SslAuthenticationException)) {
            return failure;
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String reason = String.valueOf(root.getMessage());
        String hint = OF_THE_CLIENT.matcher(reason).find()
                ? "; the broker asks for a certificate that it trusts (ssl.keystore.location)"
                : "";
        return new SslAuthenticationException("no TLS with Kafka at " + servers + ": " + reason + hint, failure);
    }
}
