package dev.millrace.spring;

import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * The pipelines of the application: all of its {@link dev.millrace.pipeline.Pipeline} beans, by the names that the
 * pipelines themselves have. A bean to inject. Thread-safe.
 */
public interface RunningPipelines {

    /** The names of all, whether they run or not, in the order in which they start. */
    Set<String> names();

    /**
     * The pipeline of that name as it was last started, which may have ended since; none if it was not started yet.
     *
     * @throws NoSuchElementException if the application has no pipeline of that name
     */
    Optional<RunningPipeline> find(String name);

    /**
     * Starts a pipeline that did not start with the application, or has ended. Blocks until its stages are open. One
     * that runs goes on as it is; one that is about to end is left alone and returned as well.
     *
     * @throws NoSuchElementException if the application has no pipeline of that name
     * @throws IllegalStateException if the application has not yet started its pipelines, or is stopping
     * @throws PipelineFailedException if something cannot be opened
     */
    RunningPipeline start(String name);
}
