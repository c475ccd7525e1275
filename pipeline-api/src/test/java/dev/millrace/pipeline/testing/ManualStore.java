package dev.millrace.pipeline.testing;

import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.StateTable;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Keeps states beyond the end of a pipeline, answers when a test says, and fails if asked to. */
public final class ManualStore implements StateStore, StateTable {

    private final Map<String, Map<ByteBuffer, KeptState>> kept = new HashMap<>();
    private final Queue<Throwable> failures = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> gates = new ArrayList<>();
    private boolean isHeld;
    private int saves;
    private int loads;

    // The test's.

    /** Answers nothing from now on. */
    public synchronized ManualStore hold() {
        isHeld = true;
        return this;
    }

    /** Answers what has been asked and what will be. */
    public void release() {
        synchronized (this) {
            isHeld = false;
        }
        takeGates().forEach(gate -> gate.complete(null));
    }

    /** Answers what has been asked last, and nothing else. */
    public void releaseLast() {
        CompletableFuture<Void> last;
        synchronized (this) {
            last = gates.remove(gates.size() - 1);
        }
        last.complete(null);
    }

    /** Has all that has been asked fail. */
    public void refuse(Throwable failure) {
        takeGates().forEach(gate -> gate.completeExceptionally(failure));
    }

    private synchronized List<CompletableFuture<Void>> takeGates() {
        List<CompletableFuture<Void>> waiting = List.copyOf(gates);
        gates.clear();
        return waiting;
    }

    /** Has the next call fail. */
    public synchronized ManualStore fail(Throwable failure) {
        failures.add(failure);
        return this;
    }

    /** Has each state of a partition be something that nobody can read. */
    public synchronized void damage(String partition) {
        kept.getOrDefault(partition, Map.of())
                .replaceAll((key, state) -> new KeptState(state.key(), state.offset(), new byte[] {99, 0, 0, 0, 0}));
    }

    public synchronized int saves() {
        return saves;
    }

    public synchronized int loads() {
        return loads;
    }

    /** How many keys are kept of a partition. */
    public synchronized int keys(String partition) {
        return kept.getOrDefault(partition, Map.of()).size();
    }

    // The engine's.

    @Override
    public StateTable open(StageContext context) {
        return this;
    }

    @Override
    public synchronized CompletionStage<List<KeptState>> load(String partition) {
        loads++;
        return answer().thenApply(ready -> loaded(partition));
    }

    private synchronized List<KeptState> loaded(String partition) {
        return List.copyOf(kept.getOrDefault(partition, Map.of()).values());
    }

    @Override
    public synchronized CompletionStage<Void> save(Map<String, List<KeptState>> changed) {
        saves++;
        return answer().thenRun(
                        () -> changed.forEach((partition, states) -> states.forEach(each -> put(partition, each))));
    }

    private synchronized void put(String partition, KeptState state) {
        kept.computeIfAbsent(partition, name -> new HashMap<>())
                .merge(
                        ByteBuffer.wrap(state.key()),
                        state,
                        (former, latter) -> latter.offset() < former.offset() ? former : latter);
    }

    private CompletableFuture<Void> answer() {
        Throwable failure = failures.poll();
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        CompletableFuture<Void> gate = new CompletableFuture<>();
        if (isHeld) {
            gates.add(gate);
        } else {
            gate.complete(null);
        }
        return gate;
    }
}
