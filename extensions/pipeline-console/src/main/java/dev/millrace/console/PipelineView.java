package dev.millrace.console;

import dev.millrace.pipeline.runtime.Holdup;
import dev.millrace.pipeline.runtime.PartitionStats;
import dev.millrace.pipeline.runtime.PipelineStats;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the page is told of a pipeline. Times are told as how long ago they were, so that clocks need not agree. */
final class PipelineView {

    private final ConsoleJson json;
    private final long now;

    PipelineView(ConsoleJson json, long now) {
        this.json = json;
        this.now = now;
    }

    void summary(Watched pipeline) throws IOException {
        json.object(() -> {
            about(pipeline);
            json.rate("readRate", pipeline.rate(PipelineStats::recordsRead));
            json.rate("doneRate", pipeline.rate(PipelineStats::recordsDone));
        });
    }

    private void about(Watched pipeline) throws IOException {
        json.count("id", pipeline.id());
        json.text("name", pipeline.graph().name());
        json.text("state", pipeline.state().name());
        json.flag("paused", pipeline.isPaused());
        json.millis("sinceMs", now - pipeline.since());
        OptionalLong end = pipeline.endedAt();
        json.millis("endedMs", end.isEmpty() ? Optional.empty() : Optional.of(Duration.ofNanos(now - end.getAsLong())));
    }

    void details(Watched pipeline, long after) throws IOException {
        about(pipeline);
        Status status = pipeline.status();
        json.text("health", status.health().status().name());
        json.list("reasons", status.health().reasons(), json::text);
        PipelineStats stats = pipeline.stats();
        json.object("totals", () -> totals(stats));
        json.rate("readRate", pipeline.rate(PipelineStats::recordsRead));
        json.rate("doneRate", pipeline.rate(PipelineStats::recordsDone));
        new StagesView(json, pipeline, stats).write();
        partitions(stats.partitions(), status.holdups());
        json.list("failures", pipeline.failures().all(), this::failure);
        json.list("points", pipeline.points(after), this::point);
    }

    private void totals(PipelineStats stats) throws IOException {
        json.count("read", stats.recordsRead());
        json.count("done", stats.recordsDone());
        json.count("inFlight", stats.recordsInFlight());
        json.count("bytesInFlight", stats.bytesInFlight());
        json.count("deadLetters", stats.deadLetters());
        json.count("skipped", stats.skipped());
        json.count("late", stats.lateAcknowledgements());
        json.count("dataLosses", stats.dataLosses());
    }

    private void partitions(List<PartitionStats> partitions, List<Holdup> holdups) throws IOException {
        Map<String, Holdup> held = holdups.stream().collect(Collectors.toMap(Holdup::partition, Function.identity()));
        json.list(
                "partitions",
                partitions,
                partition -> json.object(() -> {
                    json.text("name", partition.partition());
                    json.count("frontier", partition.frontier());
                    json.count("gap", partition.gap());
                    json.count("lag", partition.lag());
                    json.millis("lagMs", partition.lagTime());
                    json.millis("ageMs", partition.frontierAge().toNanos());
                    Holdup holdup = held.get(partition.partition());
                    if (holdup != null) {
                        json.object("heldBackBy", () -> holdup(holdup));
                    }
                }));
    }

    private void holdup(Holdup holdup) throws IOException {
        json.count("offset", holdup.offset());
        json.text("stage", holdup.stage().orElse(""));
        json.millis("ageMs", holdup.age().toNanos());
        json.count("failedAttempts", holdup.failedAttempts());
        json.millis("unavailableMs", holdup.unavailable().toNanos());
    }

    private void failure(Failure failure) throws IOException {
        json.object(() -> {
            json.millis("agoMs", now - failure.nanos());
            json.text("kind", failure.kind().text);
            json.text("stage", failure.stage());
            json.text("record", failure.record());
            json.text("cause", failure.cause());
            json.text("text", failure.text());
            json.count("times", failure.times());
            if (failure.payload().isPresent()) {
                json.text("key", failure.payload().get().key());
                json.text("value", failure.payload().get().value());
            }
        });
    }

    private void point(Point point) throws IOException {
        json.object(() -> {
            json.count("number", point.number());
            json.millis("agoMs", now - point.nanos());
            json.rate("read", point.read());
            json.rate("done", point.done());
            json.count("inFlight", point.inFlight());
            json.count("lag", point.lag());
            json.millis("lagMs", point.lagTime());
        });
    }
}
