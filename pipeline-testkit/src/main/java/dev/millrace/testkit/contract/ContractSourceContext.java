package dev.millrace.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.StageContext;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/** What an engine would lend a reader, and a watch on the partition events. */
final class ContractSourceContext implements SourceContext {

    private final StageContext stage;
    private final int pollLimit;
    private final boolean isPreview;
    private final Thread owner = Thread.currentThread();
    private final Map<String, Long> done = new HashMap<>();
    private final Set<String> assigned = new HashSet<>();
    private boolean isSharing;

    ContractSourceContext(StageContext stage, int pollLimit, boolean isPreview) {
        this.stage = stage;
        this.pollLimit = pollLimit;
        this.isPreview = isPreview;
    }

    /** Notes what is done, for when the partition is asked to be given up. */
    void done(Map<String, Long> frontier) {
        done.putAll(frontier);
    }

    /** Fails where records come of a partition that the reader has not said to have. */
    void assertOwned(String partition) {
        assertFalse(isSharing && !assigned.contains(partition), () -> "a record of " + partition + ", not assigned");
    }

    private void event() {
        assertEquals(owner, Thread.currentThread(), "the thread that partition events come on");
        assertFalse(isPreview, "a reader that only looks takes part in no sharing of partitions");
        isSharing = true;
    }

    @Override
    public boolean isPreview() {
        return isPreview;
    }

    @Override
    public int pollLimit() {
        return pollLimit;
    }

    @Override
    public void assigned(Collection<String> partitions) {
        event();
        assigned.addAll(partitions);
    }

    @Override
    public Map<String, Long> revoked(Collection<String> partitions) {
        event();
        assigned.removeAll(partitions);
        Map<String, Long> frontier = new HashMap<>(done);
        frontier.keySet().retainAll(partitions);
        return frontier;
    }

    @Override
    public void lost(Collection<String> partitions) {
        event();
        assigned.removeAll(partitions);
    }

    @Override
    public String pipeline() {
        return stage.pipeline();
    }

    @Override
    public String stage() {
        return stage.stage();
    }

    @Override
    public long nanoTime() {
        return stage.nanoTime();
    }

    @Override
    public Executor blocking() {
        return stage.blocking();
    }
}
