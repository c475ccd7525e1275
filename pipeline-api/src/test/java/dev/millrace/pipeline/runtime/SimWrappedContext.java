package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.spi.SourceContext;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Executor;

/** Hands everything on; a base for sources that tell the engine one thing wrong. */
class SimWrappedContext implements SourceContext {

    private final SourceContext context;

    SimWrappedContext(SourceContext context) {
        this.context = context;
    }

    @Override
    public int pollLimit() {
        return context.pollLimit();
    }

    @Override
    public void assigned(Collection<String> partitions) {
        context.assigned(partitions);
    }

    @Override
    public Map<String, Long> revoked(Collection<String> partitions) {
        return context.revoked(partitions);
    }

    @Override
    public void lost(Collection<String> partitions) {
        context.lost(partitions);
    }

    @Override
    public void dataLost(Collection<DataLoss> losses) {
        context.dataLost(losses);
    }

    @Override
    public String pipeline() {
        return context.pipeline();
    }

    @Override
    public String stage() {
        return context.stage();
    }

    @Override
    public long nanoTime() {
        return context.nanoTime();
    }

    @Override
    public Executor blocking() {
        return context.blocking();
    }
}
