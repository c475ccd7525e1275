package dev.millrace.console;

import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.graph.StageNode;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.runtime.LookupStats;
import dev.millrace.pipeline.runtime.PipelineStats;
import dev.millrace.pipeline.runtime.StageStats;
import dev.millrace.pipeline.runtime.WriteStats;
import dev.millrace.pipeline.spi.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the page is told of the stages: how they hang together, and what they do. */
final class StagesView {

    private final ConsoleJson json;
    private final Watched pipeline;
    private final PipelineStats stats;
    private final PipelineStats before;

    private record Place(String verb, String detail, String from, int depth) {}

    StagesView(ConsoleJson json, Watched pipeline, PipelineStats stats) {
        this.json = json;
        this.pipeline = pipeline;
        this.stats = stats;
        this.before = pipeline.before();
    }

    void write() throws IOException {
        List<Place> places = places(pipeline.graph());
        json.list("stages", indices(stats.stages()), index -> stage(index, places.get(index)));
    }

    private static List<Integer> indices(List<?> list) {
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            indices.add(i);
        }
        return indices;
    }

    /** In the order of the statistics: the stages, then the stores of dead letters. */
    private static List<Place> places(PipelineGraph graph) {
        List<Place> places = new ArrayList<>();
        add(graph.stages(), 0, graph.previous(), places);
        Set<Sink<DeadLetter>> stores = new LinkedHashSet<>();
        Map<String, FailurePolicy> policies = graph.policies();
        for (StageNode node : graph.all()) {
            if (policies.get(node.name()) instanceof FailurePolicy.ToDeadLetters letters) {
                stores.add(letters.store());
            }
        }
        stores.forEach(store -> places.add(new Place("dead letters", store.describe(), "", 0)));
        return places;
    }

    /** A branch, and a sink beside the way, stand one step aside. */
    private static void add(List<StageNode> way, int depth, Map<String, String> previous, List<Place> places) {
        for (StageNode node : way) {
            if (node instanceof StageNode.Branch branch) {
                add(branch.stages(), depth + 1, previous, places);
            } else {
                places.add(new Place(
                        node.verb(),
                        node.detail(),
                        previous.getOrDefault(node.name(), ""),
                        node instanceof StageNode.AlsoTo ? depth + 1 : depth));
            }
        }
    }

    private void stage(int index, Place place) throws IOException {
        StageStats stage = stats.stages().get(index);
        json.object(() -> {
            json.text("name", stage.stage());
            json.text("verb", place.verb);
            json.text("detail", place.detail);
            json.text("from", place.from);
            json.count("depth", place.depth);
            json.count("in", stage.in());
            json.count("out", stage.out());
            json.count("dropped", stage.dropped());
            json.count("failed", stage.failed());
            json.count("retries", stage.retries());
            json.count("unavailable", stage.unavailable());
            json.count("held", stage.held());
            json.rate("inRate", pipeline.rate(all -> all.stages().get(index).in()));
            json.rate("outRate", pipeline.rate(all -> all.stages().get(index).out()));
            calls(Calls.of(stage), Calls.of(before.stages().get(index)));
        });
    }

    /** The calls of a sink or a lookup, which both have a mean and a longest time. */
    private record Calls(long count, Duration time, Duration longest) {

        static Optional<Calls> of(StageStats stage) {
            return stage.writes().map(Calls::of).or(() -> stage.lookups().map(Calls::of));
        }

        private static Calls of(WriteStats writes) {
            return new Calls(writes.calls(), writes.time(), writes.longest());
        }

        private static Calls of(LookupStats lookups) {
            return new Calls(lookups.calls(), lookups.time(), lookups.longest());
        }
    }

    private void calls(Optional<Calls> calls, Optional<Calls> before) throws IOException {
        Optional<Duration> mean = calls.flatMap(now -> before.flatMap(then -> {
            long more = now.count - then.count;
            return more <= 0
                    ? Optional.empty()
                    : Optional.of(now.time.minus(then.time).dividedBy(more));
        }));
        json.millis("meanMs", mean);
        json.millis("longestMs", calls.map(Calls::longest));
    }
}
