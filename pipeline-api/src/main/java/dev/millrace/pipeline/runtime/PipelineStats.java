package dev.millrace.pipeline.runtime;

import java.util.List;
import java.util.NoSuchElementException;

/**
 * What a pipeline has done since it started, as of about now.
 *
 * @param recordsRead records that the source gave
 * @param recordsDone records that are written by every sink, stored as dead letters, skipped or dropped
 * @param deadLetters records stored as dead letters
 * @param skipped records given up by a policy to skip them
 * @param lateAcknowledgements answers for records of a former assignment, ignored
 * @param stages one for each stage, in their order
 */
public record PipelineStats(
        long recordsRead,
        long recordsDone,
        long deadLetters,
        long skipped,
        long lateAcknowledgements,
        List<StageStats> stages) {

    /** Copies the list. */
    public PipelineStats {
        stages = List.copyOf(stages);
    }

    /** Records read and not done. */
    public long recordsInFlight() {
        return recordsRead - recordsDone;
    }

    /**
     * What the stage of that name has done.
     *
     * @throws NoSuchElementException if there is none
     */
    public StageStats stage(String name) {
        return stages.stream()
                .filter(stats -> stats.stage().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no stage '" + name + "'"));
    }
}
