package dev.millrace.kafka;

import dev.millrace.pipeline.spi.StageFailedException;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** Says which right is missing, in the words of an ACL: of what brokers refuse, the clients tell no operation. */
final class Rights {

    private Rights() {}

    /** Of a source, which can do nothing without it. */
    static StageFailedException missingToRead(AuthorizationException refusal) {
        return new StageFailedException("no right to READ " + resource(refusal), refusal);
    }

    /** Of a sink, to a topic that it was given, or to write at all. */
    static StageFailedException missingToWrite(String topic, AuthorizationException refusal) {
        String right = write(topic);
        if (refusal instanceof ClusterAuthorizationException) {
            right = "IDEMPOTENT_WRITE the cluster"; // which brokers before 2.8 ask an idempotent producer for
        } else if (!(refusal instanceof TopicAuthorizationException)) {
            right += ": " + refusal.getClass().getSimpleName();
        }
        return new StageFailedException("no right to " + right, refusal);
    }

    /** To a topic that a record has chosen, which alone is to blame. */
    static TopicAuthorizationException missingToWriteRecord(String topic, TopicAuthorizationException refusal) {
        TopicAuthorizationException missing =
                new TopicAuthorizationException("no right to " + write(topic), Set.of(topic));
        missing.initCause(refusal);
        return missing;
    }

    private static String write(String topic) {
        return "WRITE topic '" + topic + "'";
    }

    private static String resource(AuthorizationException refusal) {
        if (refusal instanceof TopicAuthorizationException topics
                && !topics.unauthorizedTopics().isEmpty()) {
            return topics(topics.unauthorizedTopics());
        }
        if (refusal instanceof GroupAuthorizationException group && group.groupId() != null) {
            return "group '" + group.groupId() + "'";
        }
        return "what the source reads: " + refusal.getClass().getSimpleName();
    }

    private static String topics(Collection<String> names) {
        return (names.size() == 1 ? "topic " : "topics ")
                + new TreeSet<>(names).stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    }
}
