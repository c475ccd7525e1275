package dev.millrace.console;

import dev.millrace.pipeline.graph.PipelineGraph;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.PipelineStats;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline that is shown, with its last few minutes. Of one that has ended the last numbers stay, and nothing that
 * belongs to the pipeline itself. Thread-safe.
 */
final class Watched {

    private static final int MOST_POINTS = 600;

    private final int id;
    private final PipelineGraph graph;
    private final FailureLog failures;
    private final long since;
    private final Rates rates;
    private final ArrayDeque<Point> points = new ArrayDeque<>();
    private long pointsTaken;
    private @Nullable RunningPipeline running;
    private @Nullable End end;

    private record End(long nanos, Status status) {}

    Watched(int id, RunningPipeline running, FailureLog failures, long now) {
        this.id = id;
        this.running = running;
        this.graph = running.pipeline().graph();
        this.failures = failures;
        this.since = now;
        this.rates = new Rates(new Rates.Sample(now, running.stats()));
    }

    int id() {
        return id;
    }

    PipelineGraph graph() {
        return graph;
    }

    FailureLog failures() {
        return failures;
    }

    /** When it was begun to be shown. */
    long since() {
        return since;
    }

    synchronized Optional<RunningPipeline> running() {
        return Optional.ofNullable(running);
    }

    synchronized void sample(long now) {
        if (running != null) {
            take(now, running);
        }
    }

    private void take(long now, RunningPipeline from) {
        Rates.Sample before = rates.last();
        Rates.Sample sample = new Rates.Sample(now, from.stats());
        rates.add(sample);
        points.addLast(Point.of(++pointsTaken, before, sample));
        if (points.size() > MOST_POINTS) {
            points.removeFirst();
        }
    }

    /** It has ended: keeps what is to be told of that, and lets go of it. */
    void ended(long now, RunningPipeline last) {
        Status status = Status.of(last);
        synchronized (this) {
            take(now, last);
            end = new End(now, status);
            running = null;
        }
    }

    synchronized OptionalLong endedAt() {
        return end == null ? OptionalLong.empty() : OptionalLong.of(end.nanos);
    }

    PipelineState state() {
        return running().map(RunningPipeline::state).orElseGet(() -> last().state());
    }

    boolean isPaused() {
        return running().map(RunningPipeline::isPaused).orElse(false);
    }

    /** Asks the pipeline while it runs, and holds nobody else up meanwhile. */
    Status status() {
        return running().map(Status::of).orElseGet(this::last);
    }

    private synchronized Status last() {
        return Objects.requireNonNull(end).status;
    }

    synchronized PipelineStats stats() {
        return running == null ? rates.last().stats() : running.stats();
    }

    /** What the counts grow from while they grow as they do now. */
    synchronized PipelineStats before() {
        return rates.first();
    }

    /** Per second, of late; 0 once it has ended. */
    synchronized double rate(ToLongFunction<PipelineStats> count) {
        return end == null ? rates.of(count) : 0;
    }

    /** Those after the one of that number, oldest first. */
    synchronized List<Point> points(long after) {
        return points.stream().filter(point -> point.number() > after).toList();
    }
}
