package dev.millrace.pipeline.runtime;

/** What a running pipeline is doing. It moves down this list and never back; the last two are final. */
public enum PipelineState {
    /** It reads, works and writes, or would were it not {@linkplain RunningPipeline#isPaused() paused}. */
    RUNNING,
    /** It reads no more, and finishes what is in flight. */
    DRAINING,
    /** It reads no more and starts nothing new; what is being written may or may not get there, and comes again. */
    ABANDONING,
    /** It has ended as asked, or its source has come to its end, or a limit was reached. */
    STOPPED,
    /** It has ended for a cause that {@link RunningPipeline#failure()} tells. */
    FAILED;

    /** Whether it has ended. */
    public boolean isFinal() {
        return this == STOPPED || this == FAILED;
    }
}
