package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.spi.WriteResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values that are written together. */
final class SinkBatch {

    final List<SinkItem> items;
    int outages;

    /** While it is being written. */
    @Nullable
    Attempt<WriteResult> attempt;

    SinkBatch(List<SinkItem> items) {
        this(items, 0);
    }

    SinkBatch(List<SinkItem> items, int outages) {
        this.items = items;
        items.forEach(item -> item.batch = this);
        this.outages = outages;
    }
}
