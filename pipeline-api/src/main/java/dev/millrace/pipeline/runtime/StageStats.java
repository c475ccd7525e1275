package dev.millrace.pipeline.runtime;

/**
 * What a stage has done since the pipeline started.
 *
 * @param stage name of the stage
 * @param in values that came in
 * @param out values that went out, or were written
 * @param dropped values dropped on purpose: by a filter, by an inner join without an answer, by a decoder
 * @param misses lookups without an answer
 * @param retries attempts after a failure of a record
 * @param unavailable attempts that failed because a system could not be reached
 * @param failed values given up
 */
public record StageStats(
        String stage, long in, long out, long dropped, long misses, long retries, long unavailable, long failed) {}
