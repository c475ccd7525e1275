package dev.millrace.files.internal;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.SourceContext;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Polls items: as many as are asked for, but not much more than a mebibyte at once.
 *
 * <p>Of many files, those that are done are given back to the engine, which would otherwise look after each of them in
 * each of its cycles. Done is a file that has been read to its end, as far as which the engine has then come.
 *
 * @param <R> type of the items
 */
public final class ItemReader<R> implements SourceReader<R> {

    private static final int MAX_POLL_SIZE = 1 << 20;

    private final Items<R> items;
    private final SourceContext context;
    /** Of each file that has been read to its end, the offset behind its last item. */
    private final Map<String, Long> ends = new HashMap<>();
    /** Of each file how far it is done. */
    private final Map<String, Long> frontiers = new HashMap<>();

    private @Nullable PipelineRecord<R> last;
    private boolean isExhausted;
    private @Nullable IOException failure;

    /** Reads these, and closes them. */
    public ItemReader(Items<R> items, SourceContext context) {
        this.items = items;
        this.context = context;
    }

    @Override
    public List<PipelineRecord<R>> poll(Duration timeout) throws IOException {
        giveBack();
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
        while (failure == null && polled.size() < context.pollLimit() && size < MAX_POLL_SIZE) {
            PipelineRecord<R> item = items.next();
            if (item == null) {
                isExhausted = true;
                return;
            }
            if (last != null && !last.partition().equals(item.partition())) {
                ends.put(last.partition(), last.offset() + 1);
            }
            last = item;
            size += item.sizeInBytes();
            polled.add(item);
        }
    }

    private void giveBack() {
        List<String> done = new ArrayList<>();
        ends.forEach((file, end) -> {
            if (frontiers.getOrDefault(file, 0L) >= end) {
                done.add(file);
            }
        });
        if (!done.isEmpty()) {
            ends.keySet().removeAll(done);
            frontiers.keySet().removeAll(done);
            context.revoked(done);
        }
    }

    /** Keeps nothing: the next start begins at the beginning. */
    @Override
    public void commit(Map<String, Long> frontier) {
        frontiers.putAll(frontier);
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
