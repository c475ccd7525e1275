package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.SourceContext;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a coordinator does with the partitions of a reader, from within its polls. */
final class SimGroup {

    private static final int MOST_REBALANCES = 20;

    private final SimRun run;
    private final SimWorld world;
    private final SourceContext context;
    private final Consumer<Map<String, Long>> commit;
    private int assignments;
    private int rebalances;

    SimGroup(SimRun run, SourceContext context, Consumer<Map<String, Long>> commit) {
        this.run = run;
        this.world = run.world;
        this.context = context;
        this.commit = commit;
    }

    /** How often partitions were assigned; each time a poll may bring some over the bound. */
    int assignments() {
        return assignments;
    }

    void meet() {
        if (!world.plan.isDisturbed(world.runs)
                || rebalances >= MOST_REBALANCES
                || run.isBounded && world.chance(0.02)) {
            assign(world.partitions);
        } else if (assignments == 0) {
            assign(some(world.partitions));
        } else if (world.chance(world.plan.rebalanceRate)) {
            rebalance();
        }
    }

    private void rebalance() {
        rebalances++;
        List<SimPartition> some = some(world.partitions);
        boolean isRough = world.isFaulty();
        switch (world.random.nextInt(isRough ? 6 : 3)) {
            case 0 -> assign(some);
            case 1 -> revoke(some);
            case 2 -> {
                revoke(some);
                assign(some);
            }
            case 3 -> lose(some);
            case 4 -> {
                lose(some);
                assign(some);
            }
            default -> assignAnew(some);
        }
    }

    private void assign(List<SimPartition> partitions) {
        List<SimPartition> added =
                partitions.stream().filter(partition -> !partition.isAssigned).toList();
        if (!added.isEmpty() && !run.isCrashed()) {
            begin(added);
        }
    }

    /** Without being told that they were lost. */
    private void assignAnew(List<SimPartition> partitions) {
        run.hasLost = true;
        settleWrites();
        begin(partitions);
    }

    private void begin(List<SimPartition> partitions) {
        world.oracle.note(() -> "assigned " + names(partitions));
        assignments++;
        partitions.forEach(partition -> partition.assign(world.nextEpoch()));
        context.assigned(names(partitions));
    }

    private void revoke(List<SimPartition> partitions) {
        List<SimPartition> leaving =
                partitions.stream().filter(partition -> partition.isAssigned).toList();
        world.oracle.note(() -> "revoked " + names(leaving));
        long since = world.scheduler.now();
        Map<String, Long> frontiers = context.revoked(names(leaving));
        long took = world.scheduler.now() - since;
        long limit = world.plan.runner.revokeTimeout.toNanos();
        world.oracle.require(took <= limit, "I6", () -> "revoking took " + took + " ns, at most " + limit);
        if (run.isCrashed()) {
            return;
        }
        if (took == limit) {
            run.hasLost = true;
            settleWrites();
        }
        world.oracle.require(
                names(leaving).containsAll(frontiers.keySet()), "I9", () -> "frontiers of others: " + frontiers);
        commit.accept(frontiers);
        leave(leaving);
    }

    private void lose(List<SimPartition> partitions) {
        List<SimPartition> gone =
                partitions.stream().filter(partition -> partition.isAssigned).toList();
        world.oracle.note(() -> "lost " + names(gone));
        run.hasLost = true;
        context.lost(names(gone));
        settleWrites();
        leave(gone);
    }

    /** A sink without versions cannot tell a late write; where partitions move, that is its user's affair. */
    private void settleWrites() {
        world.writers.forEach(SimWriter::settleUnversioned);
    }

    /** Another instance may go on there. */
    private void leave(List<SimPartition> partitions) {
        for (SimPartition partition : partitions) {
            partition.isAssigned = false;
            if (!world.plan.isCalm && world.random.nextInt(4) == 0) {
                for (int records = world.random.nextInt(5); records > 0 && !partition.isDone(); records--) {
                    advance(partition);
                }
            }
        }
    }

    private void advance(SimPartition partition) {
        for (SimRecord record : partition.log) {
            if (record.offset >= partition.committed) {
                record.isDoneElsewhere = true;
                if (world.aggregate != null) {
                    world.aggregate.countElsewhere(record);
                }
                partition.committed = record.offset + 1;
                return;
            }
        }
    }

    private List<SimPartition> some(List<SimPartition> partitions) {
        List<SimPartition> some = partitions.stream()
                .filter(partition -> world.random.nextBoolean())
                .toList();
        return some.isEmpty() ? List.of(partitions.get(world.random.nextInt(partitions.size()))) : some;
    }

    private static List<String> names(List<SimPartition> partitions) {
        return partitions.stream().map(partition -> partition.name).toList();
    }
}
