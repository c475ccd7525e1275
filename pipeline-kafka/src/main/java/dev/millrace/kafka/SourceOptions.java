package dev.millrace.kafka;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a source reads and how.
 *
 * @param cluster where
 * @param topics one or more
 * @param start where partitions begin that nothing is committed for
 * @param group the user's name for the group, if any
 * @param partitions the only ones to read, of each topic; empty for all
 * @param bounded whether to stop at the ends that the partitions have at the start
 * @param committing whether what is done is committed to the group; its offsets count for the start either way
 * @param skipsLostData whether to go on where records were lost
 */
record SourceOptions(
        ClientProperties cluster,
        List<String> topics,
        StartPosition start,
        @Nullable String group,
        List<Integer> partitions,
        boolean bounded,
        boolean committing,
        boolean skipsLostData) {

    static SourceOptions of(ClientProperties cluster, List<String> topics) {
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("topics must not be empty");
        }
        for (String topic : topics) {
            if (topic.isBlank()) {
                throw new IllegalArgumentException("topic must not be blank");
            }
        }
        return new SourceOptions(
                cluster,
                topics.stream().distinct().toList(),
                StartPosition.earliest(),
                null,
                List.of(),
                false,
                true,
                false);
    }

    SourceOptions start(StartPosition start) {
        if (start.kind() == StartPosition.Kind.OFFSETS && topics.size() > 1) {
            throw new IllegalArgumentException("offsets need a source of one topic, got " + topics);
        }
        return new SourceOptions(cluster, topics, start, group, partitions, bounded, committing, skipsLostData);
    }

    SourceOptions group(String group) {
        if (group.isBlank()) {
            throw new IllegalArgumentException("group must not be blank");
        }
        return new SourceOptions(cluster, topics, start, group, partitions, bounded, committing, skipsLostData);
    }

    SourceOptions partitions(List<Integer> partitions) {
        return new SourceOptions(cluster, topics, start, group, partitions, bounded, committing, skipsLostData);
    }

    SourceOptions untilEnd() {
        return new SourceOptions(cluster, topics, start, group, partitions, true, committing, skipsLostData);
    }

    SourceOptions skippingLostData() {
        return new SourceOptions(cluster, topics, start, group, partitions, bounded, committing, true);
    }

    /** For a look at what there is now: by nobody's leave, and without a trace. */
    SourceOptions forPreview() {
        StartPosition fresh = start.kind() == StartPosition.Kind.COMMITTED ? StartPosition.earliest() : start;
        return new SourceOptions(cluster, topics, fresh, null, partitions, true, false, skipsLostData);
    }

    SourceOptions withoutCommits() {
        return new SourceOptions(cluster, topics, start, group, partitions, bounded, false, skipsLostData);
    }

    /** Whether the partitions are shared with the other members of a group, rather than all ours. */
    boolean isShared() {
        return partitions.isEmpty() && !bounded;
    }

    /** The group whose offsets count, or {@code null} where nothing is committed. */
    @Nullable
    String effectiveGroup(String pipeline) {
        return group == null && isShared() ? pipeline : group;
    }
}
