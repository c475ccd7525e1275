package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.spi.OffsetRun;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Knows what must have become of each record, and keeps the first broken promise. */
final class SimOracle {

    private final List<SimStage> stages;
    private final StringBuilder trace = new StringBuilder();
    private final boolean isTracing;
    private @Nullable SimAggregate aggregate;
    private final String unchecked;
    private @Nullable String violation;

    /** @param unchecked the number of a promise that it does not mind, or nothing */
    SimOracle(List<SimStage> stages, boolean isTracing, String unchecked) {
        this.unchecked = unchecked;
        this.stages = stages;
        this.isTracing = isTracing;
    }

    void aggregate(SimAggregate one) {
        aggregate = one;
    }

    @Nullable
    String violation() {
        return violation;
    }

    boolean isBroken() {
        return violation != null;
    }

    String trace() {
        return trace.toString();
    }

    void note(Supplier<String> event) {
        if (isTracing) {
            trace.append(event.get()).append('\n');
        }
    }

    /** Notes a broken promise, named by its number in the guarantees. */
    void broken(String promise, String how) {
        if (violation == null && !promise.equals(unchecked)) {
            violation = promise + ": " + how;
            note(() -> "!!! " + violation);
        }
    }

    void require(boolean isKept, String promise, Supplier<String> how) {
        if (!isKept) {
            broken(promise, how.get());
        }
    }

    /** A commit must not pass a record that is not done, nor come from another assignment. */
    void committed(SimPartition partition, long offset) {
        note(() -> "commit " + partition.name + " " + offset);
        require(partition.isAssigned, "I9", () -> "commit of " + partition.name + ", which is not assigned");
        require(
                offset >= partition.lastCommit && offset >= partition.start,
                "I9",
                () -> "commit of " + partition.name + " goes back to " + offset + " from " + partition.lastCommit
                        + " in an assignment that began at " + partition.start);
        require(
                offset <= partition.polled,
                "I9",
                () -> "commit of " + partition.name + " at " + offset + " beyond what was polled, " + partition.polled);
        for (SimRecord record : partition.log) {
            if (record.offset >= offset) {
                break;
            }
            if (record.offset >= partition.lastCommit) {
                String missing = missing(record);
                require(
                        missing == null,
                        "I2",
                        () -> "commit of " + partition.name + " at " + offset + ", but " + missing);
                String unkept = unkept(record);
                require(
                        unkept == null,
                        "A4",
                        () -> "commit of " + partition.name + " at " + offset + ", but " + unkept);
            }
        }
        partition.lastCommit = Math.max(partition.lastCommit, offset);
    }

    /**
     * What is kept as done beyond a committed offset must be, since it does not come again, and what it has written
     * must not be overwritten by an older record of its key that does.
     */
    void doneBeyond(SimPartition partition, long offset, List<OffsetRun> runs) {
        note(() -> "  done beyond " + offset + ": " + runs);
        Set<@Nullable Object> comingAgain = new HashSet<>();
        for (SimRecord record : partition.log) {
            if (!SimPartition.holds(runs, record.offset)) {
                if (record.offset >= offset) {
                    comingAgain.add(record.key);
                }
                continue;
            }
            String missing = missing(record);
            require(missing == null, "I2", () -> record + " is kept as done, but " + missing);
            boolean isInARow = !record.held.isEmpty() && !wasGivenUp(record);
            require(
                    !isInARow || !comingAgain.contains(record.key),
                    "I3",
                    () -> record + " is kept as done, but one of its key before it comes again");
        }
    }

    /** What of a record is not done, or {@code null}. */
    @Nullable
    String missing(SimRecord record) {
        if (record.isDoneElsewhere) {
            return null;
        }
        for (SimSight sight : expected(record)) {
            if (!isHeld(record, sight) && !isGivenUp(record, sight)) {
                return record + " is missing in '" + stages.get(sight.place()).name() + "' (value " + sight.index()
                        + ")";
            }
        }
        return null;
    }

    private boolean isHeld(SimRecord record, SimSight sight) {
        return aggregate != null && aggregate.isBehind(sight.place())
                ? aggregate.isTold(record, sight)
                : record.held.contains(sight);
    }

    /** What of a record is in no state of the aggregate, or {@code null}. */
    @Nullable
    String unkept(SimRecord record) {
        return aggregate == null ? null : aggregate.unkept(record);
    }

    /** A value need not arrive where a stage before has failed at it and did what its policy says. */
    boolean isGivenUp(SimRecord record, SimSight sight) {
        for (SimSight failure : record.failures) {
            SimStage stage = stages.get(failure.place());
            if (isOnTheWay(failure.place(), sight.place())
                    && SimValue.descends(sight.index(), failure.index())
                    && isSeenTo(record, stage)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a stage is another one or on the way there. */
    boolean isOnTheWay(int place, int end) {
        int each = end;
        while (each > place) {
            each = stages.get(each).previous();
        }
        return each == place;
    }

    private static boolean isSeenTo(SimRecord record, SimStage stage) {
        if (stage.onFailure() instanceof FailurePolicy.ToDeadLetters) {
            return record.isDeadLettered;
        }
        return stage.onFailure() instanceof FailurePolicy.Skip && record.skips.contains(stage.place());
    }

    boolean hasFailedAt(SimRecord record, int place) {
        return record.sharedFailures.contains(place)
                || record.failures.stream().anyMatch(failure -> failure.place() == place);
    }

    boolean wasGivenUp(SimRecord record) {
        return record.isDeadLettered || !record.skips.isEmpty();
    }

    /** Whether something of it was given up on the way to a stage. */
    boolean wasGivenUpBefore(SimRecord record, int place) {
        return record.failures.stream()
                .anyMatch(
                        failure -> isOnTheWay(failure.place(), place) && isSeenTo(record, stages.get(failure.place())));
    }

    SimStage stage(String name) {
        return stages.stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<SimSight> expected(SimRecord record) {
        if (record.expected == null) {
            List<List<Integer>> arriving = arriving(record);
            List<SimSight> sights = new ArrayList<>();
            for (SimStage stage : stages) {
                if (stage.isSink()) {
                    arriving.get(stage.place()).forEach(index -> sights.add(new SimSight(stage.place(), index)));
                }
            }
            record.expected = sights;
        }
        return Objects.requireNonNull(record.expected);
    }

    /** The indexes that come to a stage where nothing fails. */
    List<Integer> arriving(SimRecord record, int place) {
        return arriving(record).get(place);
    }

    private List<List<Integer>> arriving(SimRecord record) {
        List<List<Integer>> arriving = new ArrayList<>();
        List<List<Integer>> made = new ArrayList<>();
        for (SimStage stage : stages) {
            List<Integer> indexes = stage.previous() < 0 ? List.of(0) : made.get(stage.previous());
            List<Integer> next = new ArrayList<>();
            for (int index : indexes) {
                next.addAll(stage.expected(record, index));
            }
            arriving.add(indexes);
            made.add(next);
        }
        return arriving;
    }
}
