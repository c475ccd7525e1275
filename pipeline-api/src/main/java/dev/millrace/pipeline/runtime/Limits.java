package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many values each limit of a pipeline still lets pass in this run, over all workers and all lives. Thread-safe.
 */
final class Limits {

    private final Map<String, Limit> limits = new HashMap<>();
    private final AtomicInteger reached = new AtomicInteger();

    Limits(PipelineGraph graph) {
        for (StageNode node : graph.all()) {
            if (node instanceof StageNode.Limit limit) {
                limits.put(limit.name(), new Limit(limit.most()));
            }
        }
    }

    Limit limit(String stage) {
        return Objects.requireNonNull(limits.get(stage));
    }

    /** How many of them let nothing pass any more. */
    int reached() {
        return reached.get();
    }

    /** That of one stage. */
    final class Limit {

        private final AtomicLong left;

        private Limit(long most) {
            this.left = new AtomicLong(most);
        }

        /** Whether one more may pass, which takes its place. */
        boolean take() {
            long before = left.getAndUpdate(places -> Math.max(0, places - 1));
            if (before == 1) {
                reached.incrementAndGet();
            }
            return before > 0;
        }

        boolean isReached() {
            return left.get() == 0;
        }
    }
}
