package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.Pipeline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A pipeline that has been started. Thread-safe; its methods may also be called from within a stage, or by a listener
 * that is told of a state, where those that wait for the end return at once instead.
 */
public interface RunningPipeline extends AutoCloseable {

    /** What runs. */
    Pipeline pipeline();

    /** What it is doing. */
    PipelineState state();

    /** Why it ended, if it is in {@link PipelineState#FAILED}. */
    Optional<PipelineFailedException> failure();

    /** What it has done so far. */
    PipelineStats stats();

    /**
     * How it is, and if not well, why. What an outage is, is told by the last call of a stage. Asks the workers; one
     * that a function blocks is waited for up to a second, and told of.
     */
    PipelineHealth health();

    /**
     * Per partition how far it is done and, where records are in flight, which one holds it back, as text: its offset,
     * the stage that has it, for how long, after how many failed attempts, and whether the stage is unavailable. Its
     * key is payload and left out; the offset leads to it. Asks the workers as {@link #health()} does.
     */
    String explain();

    /**
     * The record that holds each partition back, as {@link #explain()} tells, for programs; by name of the partition.
     * One of which all is done has none, nor has one whose worker does not answer within the second.
     */
    List<Holdup> holdups();

    /**
     * Asks it to read no more until {@link #resume()}. What has been read is finished and committed; a reader that
     * shares its partitions goes on polling, so that it keeps them, and those it is given meanwhile are held back after
     * the poll that brings them. Pausing a pipeline that is paused changes nothing, and {@link #drain()},
     * {@link #abandon()} and {@link #close()} end one that is paused like any other. Does not wait.
     */
    void pause();

    /** Ends a {@link #pause()}; does nothing where there is none. Does not wait. */
    void resume();

    /**
     * Whether it runs but has been asked to {@link #pause()}. Its {@link #state()} stays {@link PipelineState#RUNNING}
     * meanwhile, for a state never comes back.
     */
    boolean isPaused();

    /**
     * Asks it to end once all is done that its source holds at this moment, as if that were the end of the source: what
     * was sent before is read and finished, however long that takes, and then it stops. What is added meanwhile may be
     * read or is left for the next start. Of a source that partitions are shared of, each instance does so with those
     * it has. One that is paused goes on when it is resumed. Does not wait.
     */
    void finish();

    /**
     * Asks it to read no more, finish what is in flight, at most for the runner's drain timeout, and stop. Does not
     * wait.
     */
    void drain();

    /**
     * Asks it to stop at once: nothing new is begun, and what is not done comes again after a restart. Ends a
     * {@link #drain()} under way. Does not wait.
     */
    void abandon();

    /**
     * Waits until it has ended.
     *
     * @throws PipelineFailedException if it has ended in {@link PipelineState#FAILED}
     * @throws InterruptedException if the waiting thread is interrupted; the pipeline goes on
     */
    void awaitTermination() throws InterruptedException;

    /**
     * Waits until it has ended, at most for so long.
     *
     * @return whether it has ended
     * @throws PipelineFailedException if it has ended in {@link PipelineState#FAILED}
     * @throws InterruptedException if the waiting thread is interrupted; the pipeline goes on
     */
    boolean awaitTermination(Duration timeout) throws InterruptedException;

    /**
     * Drains it and waits until it has ended, also where it fails: {@link #failure()} tells. If the waiting thread is
     * interrupted, it returns with the interrupt flag set, and the pipeline goes on draining.
     */
    @Override
    void close();
}
