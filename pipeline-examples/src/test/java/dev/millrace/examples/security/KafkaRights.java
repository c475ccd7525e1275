package dev.millrace.examples.security;

import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;

import java.util.List;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

// docs:begin
/** What a user of Kafka must be allowed, by what its pipeline does. */
final class KafkaRights {

    /** A source that shares its topic with others of its group, which by default is named like the pipeline. */
    static List<AclBinding> source(String user, String topic, String group) {
        return List.of(allow(user, READ, TOPIC, topic), allow(user, READ, GROUP, group));
    }

    /** A source without a group, of given partitions or until their end; and a preview. */
    static List<AclBinding> sourceWithoutGroup(String user, String topic) {
        return List.of(allow(user, READ, TOPIC, topic));
    }

    /** A sink, and dead letters. */
    static List<AclBinding> sink(String user, String topic) {
        return List.of(allow(user, WRITE, TOPIC, topic));
    }

    /** A sink that is to know how large a record its topic takes. */
    static List<AclBinding> sinkOfLargeRecords(String user, String topic) {
        return List.of(allow(user, WRITE, TOPIC, topic), allow(user, DESCRIBE_CONFIGS, TOPIC, topic));
    }

    /** Putting dead letters back into the topic that they came from. */
    static List<AclBinding> redrive(String user, String letters, String topic) {
        return List.of(
                allow(user, READ, TOPIC, letters),
                allow(user, READ, GROUP, "redrive-" + letters),
                allow(user, WRITE, TOPIC, topic));
    }

    /** Asking what that would do. */
    static List<AclBinding> dryRun(String user, String letters) {
        return List.of(allow(user, READ, TOPIC, letters), allow(user, DESCRIBE, GROUP, "redrive-" + letters));
    }

    private static AclBinding allow(String user, AclOperation operation, ResourceType type, String name) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }
}
// docs:end
