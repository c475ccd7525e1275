package dev.millrace.spring;

import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/*
 * Starts the pipelines with the application and ends them with it.
 *
 * The end has two steps, so that the limit is the one that the application has anyway, whoever has set it and however. First,
 * as a SmartLifecycle, all pipelines drain at once, and the application waits for as long as a phase of its shutdown may
 * take. Then its beans are destroyed, this one before those that pipelines are made of: what still runs then is abandoned.
 */
final class ApplicationPipelines implements RunningPipelines, SmartLifecycle, DisposableBean {

    /**
     * As late as listener containers of other libraries start, and behind the web server: pipelines may use whatever
     * the application offers, and while they drain it still tells how it is.
     */
    static final int PHASE = DEFAULT_PHASE - 100;

    /** For pipelines that are abandoned, and have nothing to do but to close what they had opened. */
    private static final Duration ABANDON_LIMIT = Duration.ofSeconds(10);

    private static final Logger LOG = System.getLogger("dev.millrace.spring");

    private final Map<String, ApplicationPipeline> pipelines;
    private volatile boolean isRunning;

    /** Takes them in the order in which they are to start. */
    ApplicationPipelines(Map<String, ApplicationPipeline> pipelines) {
        this.pipelines = Collections.unmodifiableMap(pipelines);
    }

    @Override
    public Set<String> names() {
        return pipelines.keySet();
    }

    @Override
    public Optional<RunningPipeline> find(String name) {
        return named(name).started();
    }

    @Override
    public RunningPipeline start(String name) {
        ApplicationPipeline pipeline = named(name);
        requireRunning(name);
        RunningPipeline started = pipeline.start();
        if (!isRunning) {
            // Who stops the application may have looked before there was anything to stop.
            started.drain();
        }
        requireRunning(name);
        return started;
    }

    private void requireRunning(String name) {
        if (!isRunning) {
            throw new IllegalStateException(
                    "pipeline '" + name + "' cannot be started: the application has not started, or is stopping");
        }
    }

    private ApplicationPipeline named(String name) {
        ApplicationPipeline pipeline = pipelines.get(name);
        if (pipeline == null) {
            throw new NoSuchElementException(
                    "the application has no pipeline '" + name + "', but " + pipelines.keySet());
        }
        return pipeline;
    }

    @Override
    public void start() {
        isRunning = true;
        try {
            pipelines.values().stream()
                    .filter(ApplicationPipeline::isAutoStartup)
                    .forEach(ApplicationPipeline::start);
        } catch (Throwable failure) {
            stop();
            throw failure;
        }
    }

    @Override
    public void stop() {
        isRunning = false;
        List<RunningPipeline> ending = started();
        ending.forEach(RunningPipeline::drain);
        ending.forEach(RunningPipeline::close);
    }

    @Override
    public void stop(Runnable whenStopped) {
        Thread stopping = new Thread(
                () -> {
                    try {
                        stop();
                    } finally {
                        whenStopped.run();
                    }
                },
                "millrace-stop");
        stopping.setDaemon(true);
        stopping.start();
    }

    @Override
    public void destroy() throws InterruptedException {
        isRunning = false;
        List<RunningPipeline> left = started();
        left.forEach(ApplicationPipelines::abandon);
        long deadline = System.nanoTime() + ABANDON_LIMIT.toNanos();
        for (RunningPipeline running : left) {
            awaitEnd(running, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
    }

    private static void abandon(RunningPipeline running) {
        LOG.log(
                Level.WARNING,
                "[" + running.pipeline().name() + "] is abandoned: the application waits no longer for it to drain");
        running.abandon();
    }

    private static void awaitEnd(RunningPipeline running, Duration limit) throws InterruptedException {
        try {
            boolean unused = running.awaitTermination(limit);
        } catch (PipelineFailedException ended) {
            return; // it has told so itself
        }
    }

    private List<RunningPipeline> started() {
        return pipelines.values().stream()
                .flatMap(pipeline -> pipeline.started().stream())
                .filter(running -> !running.state().isFinal())
                .toList();
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
