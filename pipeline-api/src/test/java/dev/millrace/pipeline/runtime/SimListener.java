package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.SourcePosition;
import java.time.Duration;
import java.util.Objects;

/** Watches what the engine tells. */
final class SimListener implements PipelineListener {

    private final SimWorld world;
    private PipelineState last = PipelineState.RUNNING;

    SimListener(SimWorld world) {
        this.world = world;
    }

    @Override
    public void onStateChange(String pipeline, PipelineState state) {
        world.oracle.note(() -> "state " + state);
        world.oracle.require(
                state.compareTo(last) > 0 || state == PipelineState.RUNNING,
                "I7",
                () -> "state " + state + " after " + last);
        last = state;
    }

    @Override
    public void onSkip(String pipeline, String stage, SourcePosition position, Throwable cause) {
        if (isOfAggregate(position)) {
            world.oracle.note(() -> "skip of " + position + " in '" + stage + "'");
            aggregate().skipped(placeBehind(stage));
            return;
        }
        int place = world.oracle.stage(stage).place();
        SimRecord record = recordAt(position);
        noteMissed(record, place, cause);
        world.oracle.note(() -> "skip of " + record + " in '" + stage + "'");
        world.oracle.require(
                world.oracle.hasFailedAt(record, place), "I1", () -> record + " is skipped though it has not failed");
        record.skips.add(place);
    }

    @Override
    public void onDeadLetter(DeadLetter letter) {
        SimRecord record = SimLetters.recordOf(letter);
        noteMissed(record, world.oracle.stage(letter.stage()).place(), letter.cause());
        // What else of the record is given up, before and after, is not told again.
        world.stages.stream()
                .filter(stage -> stage.options().deadline().isPresent())
                .forEach(stage -> record.failures.add(new SimSight(stage.place(), 0)));
    }

    /** Which value of the record it was that came too late is not told, so it may be any. */
    private static void noteMissed(SimRecord record, int place, Throwable cause) {
        if (cause instanceof DeadlineExceededException) {
            record.failures.add(new SimSight(place, 0));
        }
    }

    @Override
    public void onUnavailable(String pipeline, String stage, Duration delay, Throwable cause) {
        world.oracle.note(() -> "unavailable '" + stage + "' for " + delay);
    }

    /** Whether it is not that of a record, but of what was told. */
    private boolean isOfAggregate(SourcePosition position) {
        return world.aggregate != null && position.partition().equals(world.aggregate.stage.name());
    }

    private SimAggregate aggregate() {
        return Objects.requireNonNull(world.aggregate);
    }

    private int placeBehind(String stage) {
        SimStage named = world.oracle.stage(stage);
        return named.equals(aggregate().stage) ? aggregate().telling.place() : named.place();
    }

    private SimRecord recordAt(SourcePosition position) {
        return world.partitions.stream()
                .filter(partition -> partition.name.equals(position.partition()))
                .flatMap(partition -> partition.log.stream())
                .filter(record -> record.offset == position.offset())
                .findFirst()
                .orElseThrow();
    }

    /** Somebody repairs the record that a pipeline stopped at, and what may have been in a list with it. */
    void repair(SourcePosition position) {
        if (isOfAggregate(position)) {
            aggregate().repair();
            return;
        }
        SimRecord first = recordAt(position);
        first.isRepaired = true;
        first.partition.log.stream()
                .filter(record -> world.stages.stream()
                        .anyMatch(stage -> world.oracle.hasFailedAt(first, stage.place())
                                && world.oracle.hasFailedAt(record, stage.place())))
                .forEach(record -> record.isRepaired = true);
    }
}
