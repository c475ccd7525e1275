package dev.millrace.pipeline.spi;

import java.util.concurrent.Executor;

/**
 * What the engine tells and lends to a reader, a lookup or a writer when it opens it. Valid until that is closed.
 *
 * <p>Thread-safe.
 */
public interface StageContext {

    /** Name of the pipeline. */
    String pipeline();

    /** Name of the stage, unique within the pipeline. */
    String stage();

    /**
     * The engine's monotonic time in nanoseconds, to be used like {@link System#nanoTime()}. A test may advance it by
     * hand.
     */
    long nanoTime();

    /**
     * Runs what blocks: on a virtual thread each where the JVM has them (Java 21 on), else on a pool that grows as
     * needed. Engine threads must never block; this is where to go instead.
     */
    Executor blocking();
}
