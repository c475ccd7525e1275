package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.StateTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Answers as chance has it: at once, later, in part, or with a failure; what is kept may come late. */
final class SimStateTable implements StateTable {

    private final SimStates states;
    private final SimAggregate aggregate;
    private final SimRun run;
    private final SimWorld world;
    private final StageContext context;
    /** The last call for each partition. */
    private final Map<String, Load> loads = new HashMap<>();

    private final Set<Load> unanswered = new HashSet<>();
    private boolean isSaving;
    private boolean isClosed;

    SimStateTable(SimStates states, SimAggregate aggregate, SimRun run, StageContext context) {
        this.states = states;
        this.aggregate = aggregate;
        this.run = run;
        this.world = run.world;
        this.context = context;
        run.open++;
    }

    /** A call for the states of a partition in one assignment. */
    static final class Load {

        private final SimPartition partition;
        private final int epoch;

        private Load(SimPartition partition) {
            this.partition = partition;
            this.epoch = partition.epoch;
        }

        /** Whether the partition has not moved since. */
        boolean isOfNow() {
            return partition.isAssigned && partition.epoch == epoch;
        }
    }

    /** The last call for the states of a partition. */
    @Nullable
    Load lastOf(SimPartition partition) {
        return loads.get(partition.name);
    }

    /** Whether states are waited for that the pipeline needs now. */
    boolean isLoading() {
        return unanswered.stream().anyMatch(Load::isOfNow);
    }

    boolean isSaving() {
        return isSaving;
    }

    /** Whether the states of all that is assigned are here. */
    boolean hasLoadedAll() {
        return world.partitions.stream()
                .filter(partition -> partition.isAssigned)
                .allMatch(partition -> {
                    Load load = loads.get(partition.name);
                    return load != null && load.isOfNow() && !unanswered.contains(load);
                });
    }

    @Override
    public CompletionStage<List<KeptState>> load(String name) {
        if (run.isCrashed()) {
            return new CompletableFuture<>();
        }
        requireOpen();
        world.oracle.note(() -> "load " + name);
        states.loads(name);
        Load load = new Load(world.partition(name));
        unanswered.remove(loads.put(name, load));
        unanswered.add(load);
        Throwable fault = world.isFault() ? fault() : null;
        if (fault != null && world.random.nextBoolean()) {
            SimFault.<RuntimeException>sneaky(fault);
        }
        CompletableFuture<List<KeptState>> answer = new CompletableFuture<>();
        List<KeptState> early = states.of(name);
        boolean isEarly = world.random.nextBoolean();
        answer(() -> {
            if (run.isCrashed()) {
                return;
            } else if (fault != null) {
                answer.completeExceptionally(fault);
                return;
            }
            unanswered.remove(load);
            world.oracle.note(() -> "loaded " + name);
            answer.complete(isEarly ? early : states.of(name));
        });
        return answer;
    }

    @Override
    public CompletionStage<Void> save(Map<String, List<KeptState>> changed) {
        if (run.isCrashed()) {
            return new CompletableFuture<>();
        }
        requireOpen();
        world.oracle.require(!isSaving, "A5", () -> "states are to be kept while others are being kept");
        world.oracle.note(() -> "save of " + changed.keySet());
        changed.forEach((name, each) -> aggregate.toBeKept(world.partition(name), each));
        Save save = new Save(changed);
        Throwable fault = world.isFault() ? fault() : null;
        if (fault != null) {
            save.apply(world.random.nextInt(save.left.size() + 1));
            if (world.random.nextBoolean()) {
                SimFault.<RuntimeException>sneaky(fault);
            }
        } else if (world.random.nextBoolean()) {
            save.apply(world.random.nextInt(save.left.size() + 1));
        }
        isSaving = true;
        answer(() -> save.finish(fault));
        return save.answer;
    }

    private Throwable fault() {
        return world.chance(0.8) ? SimFault.unavailable() : SimFault.retryable();
    }

    private void answer(Runnable answer) {
        switch (world.random.nextInt(3)) {
            case 0 -> answer.run();
            case 1 -> context.blocking().execute(answer);
            default -> world.scheduler.after(world.latency(), answer);
        }
    }

    private void requireOpen() {
        world.oracle.require(!isClosed, "I7", () -> "states are asked for after close");
    }

    @Override
    public void close() {
        world.oracle.require(!isClosed, "I7", () -> "states closed twice");
        isClosed = true;
        run.open--;
    }

    private final class Save {

        final CompletableFuture<Void> answer = new CompletableFuture<>();
        final List<Runnable> left = new ArrayList<>();

        Save(Map<String, List<KeptState>> changed) {
            long call = states.nextCall();
            changed.forEach((name, each) -> each.forEach(state -> left.add(() -> states.keep(name, state, call))));
        }

        void apply(int most) {
            List<Runnable> some = left.subList(0, most);
            some.forEach(Runnable::run);
            some.clear();
        }

        void finish(@Nullable Throwable fault) {
            isSaving = false;
            if (run.isCrashed() || isClosed) {
                apply(world.random.nextInt(left.size() + 1)); // late, as far as it got
            } else if (fault != null) {
                answer.completeExceptionally(fault);
            } else {
                apply(left.size());
                answer.complete(null);
            }
        }
    }
}
