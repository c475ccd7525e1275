package dev.millrace.pipeline.runtime;

/** What a simulated stage is called with. */
interface SimItem {

    /** Whether a stage fails with it whenever it comes there. */
    boolean isPoison(SimStage stage, double rate);

    /** A stage has failed with it. */
    void failedAt(SimStage stage);

    /** Whether a lookup has no answer to it. */
    boolean isUnknownTo(SimStage stage);
}
