package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.CacheStats;
import java.util.Optional;

/**
 * What a stage has done since the pipeline started.
 *
 * @param stage name of the stage
 * @param in values that came in
 * @param out values that went out, or were written
 * @param dropped values dropped on purpose: by a filter, by an inner join without an answer, by a decoder
 * @param hits lookups with an answer
 * @param misses lookups without an answer
 * @param retries attempts after a failure of a record
 * @param unavailable attempts that failed because a system could not be reached
 * @param failed values given up: those skipped, those dead-lettered, and those that ended the pipeline
 * @param deadLettered records that became dead letters for it; a record becomes one once, whatever else becomes of it
 * @param skipped values given up by a policy to skip them
 * @param held values kept for later, as the records that they are of: they wait, are being asked for or written, or
 *     back off before the next attempt
 * @param writes of a sink
 * @param lookups of an enrichment whose lookup answers later
 * @param cache of a lookup that keeps answers
 */
public record StageStats(
        String stage,
        long in,
        long out,
        long dropped,
        long hits,
        long misses,
        long retries,
        long unavailable,
        long failed,
        long deadLettered,
        long skipped,
        long held,
        Optional<WriteStats> writes,
        Optional<LookupStats> lookups,
        Optional<CacheStats> cache) {}
