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
 * @param dataLosses ranges of records that the source lost before they were read
 * @param bytesInFlight bytes of the records in flight, as far as the source gives their sizes
 * @param stages one for each stage, in their order, then one for each store of dead letters
 * @param partitions one for each partition read at present, by name
 */
public record PipelineStats(
        long recordsRead,
        long recordsDone,
        long deadLetters,
        long skipped,
        long lateAcknowledgements,
        long dataLosses,
        long bytesInFlight,
        List<StageStats> stages,
        List<PartitionStats> partitions) {

    /** Copies the lists. */
    public PipelineStats {
        stages = List.copyOf(stages);
        partitions = List.copyOf(partitions);
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
