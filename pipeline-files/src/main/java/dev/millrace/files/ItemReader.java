package dev.millrace.files;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Polls items: as many as are asked for, but not much more than a mebibyte at once. */
final class ItemReader<R> implements SourceReader<R> {

    private static final int MAX_POLL_SIZE = 1 << 20;

    private final Items<R> items;
    private final int pollLimit;
    private boolean isExhausted;
    private @Nullable IOException failure;

    ItemReader(Items<R> items, int pollLimit) {
        this.items = items;
        this.pollLimit = pollLimit;
    }

    @Override
    public List<PipelineRecord<R>> poll(Duration timeout) throws IOException {
        List<PipelineRecord<R>> polled = new ArrayList<>();
        try {
            fill(polled);
        } catch (IOException e) {
            failure = e;
        }
        // The items before the failure are good: it is told when they are on their way.
        if (failure != null && polled.isEmpty()) {
            throw failure;
        }
        return polled;
    }

    private void fill(List<PipelineRecord<R>> polled) throws IOException {
        long size = 0;
        while (failure == null && polled.size() < pollLimit && size < MAX_POLL_SIZE) {
            PipelineRecord<R> item = items.next();
            if (item == null) {
                isExhausted = true;
                return;
            }
            size += item.sizeInBytes();
            polled.add(item);
        }
    }

    @Override
    public boolean isExhausted() {
        return isExhausted;
    }

    @Override
    public void close() throws IOException {
        items.close();
    }
}
