package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.spi.LocalLookup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes one worker's chain of steps of a graph: built from the last stage to the first, each knowing the next. */
final class Chain {

    private final Engine engine;
    private final OpenStages stages;
    private final FailureRouter router;
    private final List<Step> steps = new ArrayList<>();

    private Chain(Engine engine, OpenStages stages, FailureRouter router) {
        this.engine = engine;
        this.stages = stages;
        this.router = router;
    }

    /** The steps in the order of the stages, then those of the dead letter stores. */
    static List<Step> build(PipelineGraph graph, OpenStages stages, Engine engine, Worker worker) {
        Chain chain = new Chain(engine, stages, new FailureRouter(engine, worker));
        Receiver next = chain.prepend(graph.stages().subList(1, graph.stages().size()));
        chain.prepend(graph.source(), DoneRuns.areKept(graph) ? DoneRuns.noting(next) : next);
        stages.deadLetters().forEach((sink, open) -> {
            Step step = chain.sinkStep(open, FailurePolicy.stop());
            chain.router.store(sink, step);
            chain.steps.add(step);
        });
        chain.tellLimits(graph.previous());
        return List.copyOf(chain.steps);
    }

    /** Each limit is told what is on the way to it, but not what is on others that leave that way. */
    private void tellLimits(Map<String, String> previous) {
        Map<String, Step> byName = new HashMap<>();
        steps.forEach(step -> byName.put(step.name, step));
        for (Step step : steps) {
            if (step instanceof LimitStep limit) {
                Deque<Step> before = new ArrayDeque<>();
                for (String name = previous.get(limit.name); name != null; name = previous.get(name)) {
                    before.addFirst(Objects.requireNonNull(byName.get(name)));
                }
                limit.comesAfter(List.copyOf(before));
            }
        }
    }

    private Receiver prepend(List<StageNode> way) {
        Receiver next = Receiver.NONE;
        for (int i = way.size() - 1; i >= 0; i--) {
            next = way.get(i) instanceof StageNode.Branch branch
                    ? new SyncSteps.Tee(prepend(branch.stages()), next)
                    : prepend(way.get(i), next);
        }
        return next;
    }

    private Receiver prepend(StageNode node, Receiver next) {
        Step step = stepFor(node);
        step.next = next;
        steps.add(0, step);
        return node instanceof StageNode.AlsoTo ? new SyncSteps.Tee(step, next) : step;
    }

    private Step stepFor(StageNode node) {
        FailurePolicy policy = stages.policyOf(node);
        if (node instanceof StageNode.From from) {
            return sourceStep(from, policy);
        } else if (node instanceof StageNode.Map map) {
            return new SyncSteps.Mapping(map, policy, router);
        } else if (node instanceof StageNode.Filter filter) {
            return new SyncSteps.Filtering(filter, policy, router);
        } else if (node instanceof StageNode.FlatMap flatMap) {
            return new SyncSteps.FlatMapping(flatMap, policy, router);
        } else if (node instanceof StageNode.KeyBy keyBy) {
            return new SyncSteps.Keying(keyBy, policy, router);
        } else if (node instanceof StageNode.Peek peek) {
            return new SyncSteps.Peeking(peek, policy, router);
        } else if (node instanceof StageNode.Enrich enrich) {
            return enrichStep(enrich, policy);
        } else if (node instanceof StageNode.Throttled throttled) {
            return new ThrottleStep(throttled, stages.pace(node.name()), policy, router);
        } else if (node instanceof StageNode.Limit limit) {
            return new LimitStep(limit, engine.limits.limit(limit.name()), policy, router);
        } else if (node instanceof StageNode.Batch batch) {
            return new BatchStep(batch, policy, router);
        } else if (node instanceof StageNode.Aggregate aggregate) {
            return new AggregateStep(aggregate, stages.aggregate().orElseThrow(), policy, router);
        }
        return sinkStep(stages.sink(node.name()), policy);
    }

    private Step sourceStep(StageNode.From from, FailurePolicy policy) {
        return from.decoders().isEmpty()
                ? new SyncSteps.Undecoded(from.name(), policy, router)
                : new SyncSteps.Decode(from, policy, router);
    }

    private Step enrichStep(StageNode.Enrich node, FailurePolicy policy) {
        OpenStages.OpenLookup open = stages.lookup(node.name());
        return open.lookup() instanceof LocalLookup<Object, Object> local
                ? new SyncSteps.LocalEnriching(node, local, policy, router)
                : new EnrichStep(node, open.lookup(), open.gate(), policy, router);
    }

    private Step sinkStep(OpenStages.OpenSink open, FailurePolicy policy) {
        return new SinkStep(open.place(), open.writer(), open.gate(), policy, router);
    }
}
