package dev.millrace.kafka;

import dev.millrace.pipeline.record.SourcePosition;
import java.util.List;
import java.util.Map;

/**
 * What a {@link Redrive} has done, or would do. Each letter read is counted once: as replayed, left out by the filter,
 * exhausted or refused.
 *
 * @param isDryRun whether nothing was written
 * @param read letters read
 * @param replayed letters put back into their topics
 * @param filteredOut letters that the filter left out
 * @param exhausted letters left where they are, having been put back as often as is allowed
 * @param refused letters left where they are, by the reason
 * @param replayedByTopic letters put back, by topic
 * @param replayedByException letters put back, by the class of the exception that their record failed with, or an empty
 *     text where it is not known; beyond a thousand classes, the others together as {@code (other)}
 * @param left where the first hundred of the exhausted and refused letters are
 */
public record RedriveSummary(
        boolean isDryRun,
        long read,
        long replayed,
        long filteredOut,
        long exhausted,
        Map<String, Long> refused,
        Map<String, Long> replayedByTopic,
        Map<String, Long> replayedByException,
        List<SourcePosition> left) {

    /** Copies maps and list. */
    public RedriveSummary {
        refused = Map.copyOf(refused);
        replayedByTopic = Map.copyOf(replayedByTopic);
        replayedByException = Map.copyOf(replayedByException);
        left = List.copyOf(left);
    }
}
