package dev.millrace.kafka;

import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.spi.SourceContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An engine that only notes what it is told, and answers a revocation with what the test says is done. */
final class TestContext implements SourceContext, AutoCloseable {

    private final ExecutorService blocking = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "blocking");
        thread.setDaemon(true);
        return thread;
    });
    private final String pipeline;
    final List<String> events = new ArrayList<>();
    final Map<String, Long> done = new HashMap<>();
    final List<DataLoss> lost = new ArrayList<>();

    TestContext() {
        this("pipeline");
    }

    TestContext(String pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public String pipeline() {
        return pipeline;
    }

    @Override
    public String stage() {
        return "from";
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Executor blocking() {
        return blocking;
    }

    @Override
    public int pollLimit() {
        return 500;
    }

    @Override
    public void assigned(Collection<String> partitions) {
        events.add("assigned " + new TreeSet<>(partitions));
    }

    @Override
    public Map<String, Long> revoked(Collection<String> partitions) {
        events.add("revoked " + new TreeSet<>(partitions));
        Map<String, Long> frontier = new HashMap<>(done);
        frontier.keySet().retainAll(partitions);
        return frontier;
    }

    @Override
    public void lost(Collection<String> partitions) {
        events.add("lost " + new TreeSet<>(partitions));
    }

    @Override
    public void dataLost(Collection<DataLoss> losses) {
        lost.addAll(losses);
    }

    @Override
    public void close() {
        blocking.shutdownNow();
    }
}
