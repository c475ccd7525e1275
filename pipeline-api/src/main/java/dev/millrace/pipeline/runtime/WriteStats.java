package dev.millrace.pipeline.runtime;

import java.time.Duration;

/**
 * What the calls of a sink's writer come to. A call counts when it is answered, whether the batch was written or not; a
 * batch that comes again is another call.
 *
 * @param calls batches handed to the writer and answered
 * @param records values in them
 * @param largest values in the largest batch of the last minute or two
 * @param time from call to answer, of all calls together; several may be under way at once
 * @param longest from call to answer, the longest of the last minute or two
 */
public record WriteStats(long calls, long records, long largest, Duration time, Duration longest) {}
