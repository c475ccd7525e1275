package dev.millrace.kafka;

import dev.millrace.pipeline.spi.OffsetRun;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that are ours at present. Each assignment makes a new {@link OwnedPartition}, so that nothing noted of
 * an earlier one survives. Belongs to the thread that polls.
 */
final class OwnedPartitions {

    private static final Logger LOG = System.getLogger("dev.millrace.kafka");

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;
    private final TopicIds ids;
    private final String place;
    private final Map<TopicPartition, OwnedPartition> owned = new HashMap<>();
    private final Map<String, OwnedPartition> byName = new HashMap<>();

    /**
     * With where partitions end, if they do; the ids go with what is committed, as they are when an assignment begins.
     */
    OwnedPartitions(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, TopicIds ids, String place) {
        this.consumer = consumer;
        this.ends = ends;
        this.ids = ids;
        this.place = place;
    }

    /** Begins an assignment, in place of a former one. */
    OwnedPartition own(TopicPartition partition) {
        OwnedPartition mine = new OwnedPartition(partition, end(partition), ids.id(partition.topic()));
        owned.put(partition, mine);
        byName.put(mine.name(), mine);
        return mine;
    }

    /** Whether an offset was committed for another topic of that name, before it was created again. */
    boolean isOfAFormerTopic(TopicPartition partition, OffsetAndMetadata committed) {
        return !ids.recreated(Map.of(partition, committed)).isEmpty();
    }

    /** Begins an assignment that goes on from what a former owner has committed. */
    OwnedPartition own(TopicPartition partition, OffsetAndMetadata committed) {
        OwnedPartition mine = own(partition);
        try {
            mine.goOnFrom(committed)
                    .ifPresent(done ->
                            LOG.log(Level.INFO, "{0} passes over what was done of {1}: {2}", place, mine.name(), done));
        } catch (IllegalArgumentException e) {
            LOG.log(
                    Level.INFO,
                    "{0} ignores the metadata committed with the offset of {1}: {2}",
                    place,
                    mine.name(),
                    e.getMessage());
        }
        return mine;
    }

    void disown(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            OwnedPartition former = owned.remove(partition);
            if (former != null) {
                byName.remove(former.name());
            }
        }
    }

    @Nullable
    OwnedPartition get(TopicPartition partition) {
        return owned.get(partition);
    }

    List<OwnedPartition> ofTopic(String topic) {
        return owned.values().stream()
                .filter(mine -> mine.partition().topic().equals(topic))
                .toList();
    }

    /** Those of these names that are still ours and not at their end. */
    List<TopicPartition> unended(Collection<String> names) {
        List<TopicPartition> partitions = new ArrayList<>(names.size());
        for (String name : names) {
            OwnedPartition mine = byName.get(name);
            if (mine != null && !mine.hasEnded()) {
                partitions.add(mine.partition());
            }
        }
        return partitions;
    }

    boolean haveEnded() {
        return owned.values().stream().allMatch(OwnedPartition::hasEnded);
    }

    /** Has those without an end come to theirs where the logs end now, which is asked for; waits at most so long. */
    void endNow(Duration limit) {
        List<TopicPartition> endless = owned.values().stream()
                .filter(mine -> !mine.hasAnEnd())
                .map(OwnedPartition::partition)
                .toList();
        if (endless.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> latest = consumer.endOffsets(endless, limit);
        for (TopicPartition partition : endless) {
            long next = consumer.position(partition, limit);
            OwnedPartition mine = owned.get(partition);
            if (mine != null) {
                mine.endAt(Objects.requireNonNull(latest.get(partition), partition::toString), next);
                pauseIfEnded(mine);
            }
        }
    }

    long end(TopicPartition partition) {
        return ends.getOrDefault(partition, Long.MAX_VALUE);
    }

    /** Notes what the next poll begins with; beyond its end nothing more of a partition is fetched. */
    void moveTo(OwnedPartition mine, OffsetAndMetadata position) {
        mine.moveTo(position);
        pauseIfEnded(mine);
    }

    private void pauseIfEnded(OwnedPartition mine) {
        if (mine.hasEnded()) {
            consumer.pause(Set.of(mine.partition()));
        }
    }

    /** Notes how far partitions are done, and what beyond, and passes on what is to be committed now. */
    void done(
            Map<String, Long> frontier,
            Map<String, List<OffsetRun>> beyond,
            BiConsumer<TopicPartition, OffsetAndMetadata> toCommit) {
        Set<String> names = new HashSet<>(frontier.keySet());
        names.addAll(beyond.keySet());
        for (String name : names) {
            OwnedPartition mine = byName.get(name);
            if (mine == null) {
                continue;
            }
            mine.done(frontier.get(name), beyond.get(name));
            OffsetAndMetadata next = mine.toCommit();
            if (next != null) {
                toCommit.accept(mine.partition(), next);
            }
        }
    }

    /** As the client knows it from its last fetches; it asks nobody, or not so that it waits for the answer. */
    Map<String, Long> lag() {
        Map<String, Long> lag = new HashMap<>();
        for (OwnedPartition mine : owned.values()) {
            consumer.currentLag(mine.partition()).ifPresent(records -> lag.put(mine.name(), mine.unread(records)));
        }
        return lag;
    }
}
