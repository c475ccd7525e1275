package dev.millrace.pipeline.runtime;

import java.time.Duration;

/**
 * What the calls of a lookup that answers later come to. A call counts when it is answered, be it from a memory of the
 * lookup, without an answer or by a failure; one that is made again is another call.
 *
 * @param calls keys asked for and answered
 * @param time from call to answer, of all calls together; several may be under way at once
 * @param longest from call to answer, the longest of the last minute or two
 */
public record LookupStats(long calls, Duration time, Duration longest) {}
