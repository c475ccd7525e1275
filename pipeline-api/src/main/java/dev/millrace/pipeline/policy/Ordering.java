package dev.millrace.pipeline.policy;

/** In which order the records of an asynchronous stage reach the next stage, or a sink. */
public enum Ordering {
    /** As the source has them, per partition. */
    PER_PARTITION,
    /**
     * As the source has them, per key; records without key as {@link #PER_PARTITION}. A batch keeps the keys in it
     * waiting until all of it is answered for.
     */
    PER_KEY,
    /** As they come. */
    UNORDERED
}
