package dev.millrace.pipeline;

import dev.millrace.pipeline.spi.SourceContext;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Executor;

/** What sources and lookups are opened with that are only looked at. */
record PreviewContext(String pipeline, String stage, Executor blocking, int pollLimit) implements SourceContext {

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public boolean isPreview() {
        return true;
    }

    @Override
    public void assigned(Collection<String> partitions) {
        throw notShared();
    }

    @Override
    public Map<String, Long> revoked(Collection<String> partitions) {
        throw notShared();
    }

    @Override
    public void lost(Collection<String> partitions) {
        throw notShared();
    }

    private static IllegalStateException notShared() {
        return new IllegalStateException("a preview must share no partitions with other readers,"
                + " but this source does so though SourceContext.isPreview() holds");
    }
}
