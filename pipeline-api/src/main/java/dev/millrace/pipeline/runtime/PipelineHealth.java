package dev.millrace.pipeline.runtime;

import java.util.List;

/**
 * How a pipeline is, for a health check or a page that operators look at.
 *
 * @param status the answer in a word
 * @param reasons why it is not {@link Status#UP}, a sentence each, that name stages, partitions, offsets and times, but
 *     no payload; empty if it is
 */
public record PipelineHealth(Status status, List<String> reasons) {

    /** The answer in a word. */
    public enum Status {
        /** It runs, and every record gets on. */
        UP,
        /**
         * It lives but does not do all of its work: a stage or the source cannot reach what is behind it, a topic of
         * the source is gone, a record has held its partition back for too long, a function blocks a worker; or it is
         * paused, about to begin anew, or about to end.
         */
        DEGRADED,
        /** It has ended, as asked or in failure. */
        DOWN
    }

    /** Copies the list. */
    public PipelineHealth {
        reasons = List.copyOf(reasons);
    }
}
