package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.FailurePolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * Lets the first values of a run pass, and refuses the others: what is refused stays undone and comes again.
 *
 * Whoever takes the last place ends the pipeline. That is a drain as at the end of the source, but for what has not come
 * here yet: it could only be refused, so nobody waits for it. The workers forget what has not begun, and the stages on the
 * way here let go of what they hold. Nor does anybody wait for a refused record on other ways, unless a part of it has
 * passed. All else is finished.
 */
final class LimitStep extends Step {

    private final Limits.Limit limit;
    /** The stages on the way here, from the source on. */
    private List<Step> before = List.of();

    LimitStep(StageNode.Limit node, Limits.Limit limit, FailurePolicy onFailure, FailureRouter router) {
        super(node.name(), onFailure, router);
        this.limit = limit;
    }

    void comesAfter(List<Step> steps) {
        before = List.copyOf(steps);
    }

    @Override
    public void accept(Flight flight, @Nullable Object key, Object value) {
        in++;
        if (!limit.take()) {
            flight.refuse();
            return;
        }
        out++;
        flight.pass();
        next.accept(flight, key, value);
        if (limit.isReached()) {
            worker.engine.limitReached();
        }
    }

    /** Has the stages before it hold nothing any more, if they do so in vain. */
    void leaveOffBefore() {
        if (limit.isReached()) {
            before.forEach(Step::leaveOff);
        }
    }
}
