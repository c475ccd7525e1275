package dev.millrace.pipeline.runtime;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One start of the engine in the simulated world. */
final class SimRun {

    final SimWorld world;
    final SimEnvironment environment;
    final boolean isBounded;

    @Nullable
    Engine engine;
    /** Connectors opened and not closed. */
    int open;
    /** Whether a fatal error has been thrown: from then on nothing may be committed. */
    boolean isFatal;
    /** Whether partitions have been taken away with records in flight, or otherwise may have been. */
    boolean hasLost;

    /** Values that have passed the limit. */
    private long passed;

    long drainedAt = -1;
    long abandonedAt = -1;

    SimRun(SimWorld world, boolean isBounded, Parts parts) {
        this.world = world;
        this.environment = new SimEnvironment(world.scheduler, world.isFaulty(), parts);
        this.isBounded = isBounded;
    }

    /** Whether it is of the past: a crash ended it. */
    boolean isCrashed() {
        return environment.isCrashed();
    }

    /** A value has passed the limit. */
    void passed() {
        passed++;
        world.oracle.require(passed <= world.limit, "I10", () -> passed + " values pass a limit of " + world.limit);
    }

    /** Whether the limit may have ended it. */
    boolean hasReachedLimit() {
        return passed == world.limit;
    }

    void drain() {
        if (engine != null && !engine.state().isFinal()) {
            world.oracle.note(() -> "drain");
            engine.drain();
            drainedAt = drainedAt < 0 ? world.scheduler.now() : drainedAt;
        }
    }

    boolean isPaused() {
        return engine != null && engine.isPaused();
    }

    /** Pauses it for some time. */
    void pause() {
        if (engine == null) {
            return;
        }
        world.oracle.note(() -> "pause the pipeline");
        engine.pause();
        world.scheduler.after(1 + world.random.nextLong(TimeUnit.SECONDS.toNanos(1)), () -> {
            world.oracle.note(() -> "resume the pipeline");
            engine.resume();
        });
    }

    void abandon() {
        if (engine != null && !engine.state().isFinal()) {
            world.oracle.note(() -> "abandon");
            engine.abandon();
            abandonedAt = abandonedAt < 0 ? world.scheduler.now() : abandonedAt;
        }
    }

    void crash() {
        world.oracle.note(() -> "crash");
        environment.crash();
    }
}
