package dev.millrace.parquet;

import dev.millrace.pipeline.spi.SourceContext;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Executor;

/** What an engine would lend, for opening what needs little of it. */
class TestContext implements SourceContext {

    static final TestContext CONTEXT = new TestContext(100);

    private final int pollLimit;

    TestContext(int pollLimit) {
        this.pollLimit = pollLimit;
    }

    @Override
    public int pollLimit() {
        return pollLimit;
    }

    @Override
    public String pipeline() {
        return "test";
    }

    @Override
    public String stage() {
        return "parquet";
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Executor blocking() {
        return Runnable::run;
    }

    @Override
    public void assigned(Collection<String> partitions) {}

    @Override
    public Map<String, Long> revoked(Collection<String> partitions) {
        return Map.of();
    }

    @Override
    public void lost(Collection<String> partitions) {}
}
