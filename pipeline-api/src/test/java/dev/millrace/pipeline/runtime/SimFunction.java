package dev.millrace.pipeline.runtime;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the synchronous stages call: throws on poison and by chance, and sometimes ends the pipeline from within. */
final class SimFunction {

    private final SimWorld world;
    private final SimStage stage;

    SimFunction(SimWorld world, SimStage stage) {
        this.world = world;
        this.stage = stage;
    }

    /** The value, or {@code null} where the stage drops it. */
    @Nullable
    SimValue apply(SimValue value) {
        call(List.of(value));
        return stage.drops(value.record, value.index) ? null : value.next();
    }

    /** The values of a list, of which one is enough to fail them all. */
    List<SimValue> applyToAll(List<SimValue> list) {
        call(list);
        return SimValue.outOf(list);
    }

    /** Fails where one of them does. */
    void call(List<? extends SimItem> values) {
        SimRun run = Objects.requireNonNull(world.run);
        if (!run.isCrashed()) {
            meddle(run);
        }
        if (world.isFaulty() && world.chance(0.002)) {
            world.oracle.note(() -> "unavailable within '" + stage.name() + "'");
            throw SimFault.unavailable();
        }
        boolean isPoison = values.stream().anyMatch(value -> value.isPoison(stage, world.plan.poisonRate));
        if (isPoison || world.isFault() && world.chance(0.2)) {
            values.forEach(value -> value.failedAt(stage));
            SimFault.<RuntimeException>sneaky(SimFault.ofRecord(world.random));
        }
    }

    private void meddle(SimRun run) {
        if (world.plan.isDisturbed(world.runs) && world.chance(0.005)) {
            run.pause();
        }
        if (!world.isFaulty()) {
            return;
        }
        if (world.chance(0.001)) {
            run.drain();
        } else if (world.chance(0.001)) {
            run.abandon();
        } else if (world.chance(0.0005)) {
            run.isFatal = true;
            world.oracle.note(() -> "fatal error in '" + stage.name() + "'");
            throw SimFault.fatal();
        }
    }
}
