package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.PipelineDefinitionException;
import dev.millrace.pipeline.policy.RetryPolicy;
import dev.millrace.pipeline.spi.DataLossException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/*
 * Keeps a pipeline going. Its thread runs the source loop and is the one that keeps the JVM; workers are daemons, so that a
 * function that hangs for ever does not hold a JVM whose pipelines have ended.
 *
 * A life of the pipeline is what one opening of its stages makes: stages, workers, source loop, partitions. When the source
 * breaks a life off with a failure that may pass, and restarts are asked for, what is in flight is finished, everything is
 * closed, and after a back-off there is a new life; the state stays RUNNING meanwhile. Only this thread ends and begins lives.
 */
final class Supervisor implements Environment.Cycle {

    private static final long SHORTEST_HEALTHY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Engine engine;
    private final Environment environment;
    private final Environment.Loop loop;
    private final RetryPolicy policy;
    private final long healthyNanos;

    private volatile @Nullable Throwable restartCause;
    private volatile long nextStart;
    /** The present life, or the last one. */
    private volatile @Nullable SourceLoop current;

    private boolean isAlive;
    private long aliveSince;
    private int failures;

    Supervisor(Engine engine) {
        this.engine = engine;
        this.environment = engine.environment;
        this.policy = engine.options.restart;
        this.healthyNanos = Math.max(SHORTEST_HEALTHY_NANOS, Nanos.of(policy.maxDelay()));
        this.loop = environment.loop("source", this, false);
    }

    // From any thread.

    SourceLoop current() {
        return Objects.requireNonNull(current);
    }

    void wake() {
        loop.wake();
        SourceLoop life = current;
        if (life != null) {
            life.wakeReader();
        }
    }

    boolean isCurrent() {
        return loop.isCurrent();
    }

    /** Called from within, by a reader that has nothing yet. */
    void rest(long nanos) {
        loop.rest(nanos);
    }

    /** Why a new life is about to begin, while there is none. */
    @Nullable
    Throwable restartCause() {
        return restartCause;
    }

    /** In how many nanoseconds it begins. */
    long restartDelay(long now) {
        return Math.max(0, nextStart - now);
    }

    // At the start, on the thread of the user.

    /**
     * Begins the first life.
     *
     * @throws PipelineFailedException if something cannot be opened; what was is closed again
     */
    void start() {
        try {
            begin();
        } catch (Throwable failure) {
            environment.close();
            throw failure;
        }
        engine.began();
        try {
            loop.start();
        } catch (Throwable failure) {
            engine.failed(failure);
            current().end();
            end();
            throw OpenStages.notStarted(engine.name(), engine.sourceName(), failure);
        }
    }

    // From here on: within a cycle.

    @Override
    public long run() {
        try {
            return cycle();
        } catch (Throwable unexpected) {
            engine.failed(unexpected);
            return end();
        }
    }

    private long cycle() {
        if (isAlive) {
            long wait = current().run();
            if (wait != ENDED) {
                return wait;
            }
            isAlive = false;
            if (restartCause != null && engine.state() == PipelineState.RUNNING) {
                backOff(restartCause);
            }
        }
        if (engine.state() != PipelineState.RUNNING) {
            return end();
        }
        long delay = restartDelay(environment.nanoTime());
        return delay > 0 ? delay : restart();
    }

    private long restart() {
        try {
            begin();
        } catch (PipelineFailedException notStarted) {
            if (mayRestart(Objects.requireNonNullElse(notStarted.getCause(), notStarted))) {
                backOff(notStarted);
            } else {
                engine.failed(notStarted);
            }
        }
        return 0;
    }

    /**
     * Whether a failure of the source, or of opening anew, is to be followed by a new life. If so, the caller ends the
     * present one.
     */
    boolean mayRestart(Throwable cause) {
        if (engine.state() != PipelineState.RUNNING
                || !(cause instanceof Exception)
                || cause instanceof PipelineDefinitionException
                || cause instanceof DataLossException) {
            return false;
        }
        if (isAlive && environment.nanoTime() - aliveSince >= healthyNanos) {
            failures = 0;
        }
        if (failures + 1 >= policy.maxAttempts()) {
            return false;
        }
        failures++;
        nextStart = environment.nanoTime();
        restartCause = cause;
        return true;
    }

    private void backOff(Throwable cause) {
        long backOff = Math.min(policy.delayNanos(failures, environment.random()), Nanos.of(policy.maxDelay()));
        Throwable first =
                cause instanceof PipelineFailedException && cause.getCause() != null ? cause.getCause() : cause;
        long delay = Math.max(backOff, Failures.retryAfterNanos(first));
        nextStart = environment.nanoTime() + delay;
        engine.listeners.onRestart(failures, delay, cause);
    }

    private void begin() {
        OpenStages stages = OpenStages.open(engine.pipeline().graph(), environment);
        SourceLoop next = new SourceLoop(engine, this, stages);
        try {
            next.open(current);
        } catch (Throwable failure) {
            stages.close();
            engine.tellOfLossIn(failure);
            throw OpenStages.notStarted(engine.name(), engine.sourceName(), failure);
        }
        current = next;
        isAlive = true;
        aliveSince = environment.nanoTime();
        restartCause = null;
    }

    private long end() {
        restartCause = null;
        try {
            environment.close();
        } finally {
            engine.ended();
        }
        return ENDED;
    }
}
