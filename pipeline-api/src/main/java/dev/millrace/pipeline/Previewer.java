package dev.millrace.pipeline;

import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.Source;
import dev.millrace.pipeline.spi.SourceReader;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens what a preview needs, reads the first records, and closes everything again. */
final class Previewer implements AutoCloseable {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final int MOST_IN_A_POLL = 500;

    private final PipelineGraph graph;
    private final int count;
    private final ExecutorService blocking;
    private final ArrayDeque<AutoCloseable> opened = new ArrayDeque<>();

    Previewer(PipelineGraph graph, int count) {
        this.graph = graph;
        this.count = count;
        this.blocking = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "millrace-" + graph.name() + "-preview");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Looks at the first records.
     *
     * @throws IllegalStateException if a lookup or the source cannot be opened
     */
    Preview look(Duration timeout) {
        Map<String, Lookup<Object, Object>> lookups = new HashMap<>();
        for (StageNode stage : graph.all()) {
            if (stage instanceof StageNode.Enrich enrich) {
                lookups.put(
                        stage.name(), open(stage, context -> enrich.enricher().open(context)));
            }
        }
        Source<?> raw = graph.source().raw();
        SourceReader<?> reader = open(graph.source(), raw::open);
        PreviewTime time = new PreviewTime(timeout);
        return read(reader, new PreviewChain(graph, lookups, time), time);
    }

    private interface Opening<T> {

        T open(PreviewContext context) throws Exception;
    }

    private <T extends AutoCloseable> T open(StageNode stage, Opening<T> opening) {
        try {
            T open = Objects.requireNonNull(
                    opening.open(
                            new PreviewContext(graph.name(), stage.name(), blocking, Math.min(count, MOST_IN_A_POLL))),
                    "it opened null");
            opened.push(open);
            return open;
        } catch (Exception failure) {
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalStateException(
                    "pipeline '" + graph.name() + "' cannot be previewed: stage '" + stage.name()
                            + "' could not be opened: "
                            + Objects.requireNonNullElse(
                                    failure.getMessage(), failure.getClass().getName()),
                    failure);
        }
    }

    private Preview read(SourceReader<?> reader, PreviewChain chain, PreviewTime time) {
        List<PreviewTrace> traces = new ArrayList<>();
        Preview.@Nullable End end = null;
        Throwable failure = null;
        while (end == null) {
            try {
                Duration patience = Duration.ofNanos(Math.min(POLL_TIMEOUT.toNanos(), Math.max(1, time.left())));
                for (PipelineRecord<?> record : reader.poll(patience)) {
                    if (traces.size() < count && !time.isOver()) {
                        traces.add(chain.accept(record));
                    }
                }
                failure = null;
                end = traces.size() == count
                        ? Preview.End.COMPLETE
                        : reader.isExhausted() ? Preview.End.END_OF_SOURCE : null;
            } catch (UnavailableException unavailable) {
                failure = unavailable;
                pause(time);
            } catch (InterruptedException interrupted) {
                time.interrupted();
            } catch (Exception broken) {
                failure = broken;
                end = Preview.End.SOURCE_FAILED;
            }
            if (end == null && time.isOver()) {
                end = Preview.End.TIMEOUT;
            }
        }
        chain.end();
        List<String> stages = graph.all().stream().map(StageNode::name).toList();
        List<Preview.RecordView> records =
                traces.stream().map(PreviewTrace::view).toList();
        return new Preview(graph.name(), stages, records, end, Optional.ofNullable(failure));
    }

    private static void pause(PreviewTime time) {
        try {
            TimeUnit.NANOSECONDS.sleep(Math.min(POLL_TIMEOUT.toNanos(), time.left()));
        } catch (InterruptedException interrupted) {
            time.interrupted();
        }
    }

    /** The last opened first. Nothing was written that a failure to close could lose. */
    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception ignored) {
                if (ignored instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
            }
        }
        blocking.shutdownNow();
    }
}
