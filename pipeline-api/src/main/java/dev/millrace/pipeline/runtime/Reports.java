package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.graph.PipelineGraph;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts together what the workers know. */
final class Reports {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private Reports() {}

    static PipelineStats stats(Engine engine, SourceLoop sourceLoop) {
        List<Worker> workers = sourceLoop.workers();
        List<List<Step>> chains = workers.stream()
                .map(Worker::published)
                .filter(chain -> !chain.isEmpty())
                .toList();
        OpenStages open = sourceLoop.stages();
        long now = engine.environment.nanoTime();
        Instant wallTime = engine.environment.now();
        List<StageStats> stages = new ArrayList<>();
        PipelineGraph graph = engine.pipeline().graph();
        for (String name : names(graph, open)) {
            int index = stages.size();
            boolean isSink = index >= graph.all().size() || open.isSink(name);
            List<Step> steps = chains.stream().map(chain -> chain.get(index)).toList();
            long sourceOutages = index == 0 ? engine.sourceOutages() : 0;
            stages.add(new StageStats(
                    name,
                    sum(steps, step -> step.in),
                    sum(steps, step -> step.out),
                    sum(steps, step -> step.dropped),
                    sum(steps, step -> step.hits),
                    sum(steps, step -> step.misses),
                    sum(steps, step -> step.retries),
                    sum(steps, step -> step.unavailable) + sourceOutages,
                    sum(steps, step -> step.failed),
                    sum(steps, step -> step.deadLettered),
                    sum(steps, step -> step.skipped),
                    sum(steps, Step::held),
                    isSink ? Optional.of(writes(steps, now)) : Optional.empty(),
                    open.isAsking(name) ? Optional.of(lookups(steps, now)) : Optional.empty(),
                    open.cache(name)));
        }
        List<WorkerCounters> counters =
                workers.stream().map(worker -> worker.counters).toList();
        return new PipelineStats(
                sum(counters, count -> count.received - count.discarded),
                sum(counters, count -> count.done),
                sum(counters, count -> count.deadLetters),
                sum(counters, count -> count.skipped),
                sum(counters, count -> count.late),
                engine.dataLosses(),
                sum(counters, WorkerCounters::bytesInFlight),
                stages,
                sourceLoop.partitions().stream()
                        .map(partition -> partition.stats(now, wallTime))
                        .sorted(Comparator.comparing(PartitionStats::partition))
                        .toList());
    }

    /** The names of a chain's steps, in their order. */
    private static List<String> names(PipelineGraph graph, OpenStages open) {
        List<String> names = new ArrayList<>();
        graph.all().forEach(node -> names.add(node.name()));
        open.deadLetters().values().forEach(store -> names.add(store.place().name()));
        return names;
    }

    private static WriteStats writes(List<Step> steps, long now) {
        List<WriteCounters> writes =
                steps.stream().map(step -> ((SinkStep) step).writes).toList();
        return new WriteStats(
                sum(writes, count -> count.calls),
                sum(writes, count -> count.records),
                max(writes, count -> count.largest.value(now)),
                Duration.ofNanos(sum(writes, count -> count.nanos)),
                Duration.ofNanos(max(writes, count -> count.longest.value(now))));
    }

    private static LookupStats lookups(List<Step> steps, long now) {
        List<CallCounters> calls =
                steps.stream().map(step -> ((EnrichStep) step).calls).toList();
        return new LookupStats(
                sum(calls, count -> count.calls),
                Duration.ofNanos(sum(calls, count -> count.nanos)),
                Duration.ofNanos(max(calls, count -> count.longest.value(now))));
    }

    private static <T> long max(List<T> parts, ToLongFunction<T> count) {
        return parts.stream().mapToLong(count).max().orElse(0);
    }

    private static <T> long sum(List<T> parts, ToLongFunction<T> count) {
        return parts.stream().mapToLong(count).sum();
    }

    /** Asks each worker about its partitions; one that is stuck in user code is said to be. */
    static String explain(Engine engine, Supervisor supervisor) {
        StringBuilder text =
                new StringBuilder(engine.name() + ": " + engine.state() + (engine.isPaused() ? ", paused" : "") + "\n");
        engine.failure()
                .ifPresent(failure ->
                        text.append("  cause: ").append(failure.getMessage()).append('\n'));
        restart(engine, supervisor)
                .ifPresent(reason -> text.append("  ").append(reason).append('\n'));
        supervisor
                .current()
                .troubles()
                .forEach(trouble -> text.append("  stage '" + engine.sourceName() + "': " + trouble + "\n"));
        SourceLoop sourceLoop = supervisor.current();
        ask(sourceLoop.workers(), worker -> explain(sourceLoop.partitionsOf(worker), engine.environment.nanoTime()))
                .forEach((worker, answer) -> text.append(answer.orElseGet(() -> "  " + noAnswer(worker) + "\n")));
        return text.toString();
    }

    /** Of a worker that does not answer in time. */
    static String noAnswer(Worker worker) {
        @Nullable Flight atHand = worker.atHand();
        String at = atHand == null
                ? ""
                : " at " + atHand.position() + " for " + millis(worker.engine.environment.nanoTime() - atHand.since);
        return "a worker does not answer: a function of a stage blocks it" + at;
    }

    /**
     * Asks the workers, all at once and each on its own thread. In their order; empty for one that does not answer in
     * time, which is the same time for all of them. Nothing stays with one that does not.
     */
    static <T> Map<Worker, Optional<T>> ask(List<Worker> workers, Function<Worker, T> question) {
        Map<Worker, FutureTask<T>> asked = new LinkedHashMap<>();
        Map<Worker, Optional<T>> answers = new LinkedHashMap<>();
        try {
            for (Worker worker : workers) {
                FutureTask<T> task = new FutureTask<>(() -> question.apply(worker));
                asked.put(worker, task);
                if (worker.isOpenToCaller()) {
                    task.run();
                } else {
                    worker.ask(task);
                }
            }
            long end = System.nanoTime() + PATIENCE_NANOS;
            asked.forEach((worker, task) -> answers.put(worker, await(task, end - System.nanoTime())));
            return answers;
        } finally {
            asked.forEach(Worker::takeBack);
        }
    }

    private static <T> Optional<T> await(FutureTask<T> task, long nanos) {
        try {
            return Optional.of(task.get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException stuck) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a worker cannot tell how it is: " + failed.getCause(), failed.getCause());
        }
    }

    /** Asks each worker for the records that hold its partitions back; one that is stuck in user code has none. */
    static List<Holdup> holdups(SourceLoop sourceLoop) {
        return ask(
                        sourceLoop.workers(),
                        worker -> holdups(sourceLoop.partitionsOf(worker), worker.engine.environment.nanoTime()))
                .values()
                .stream()
                .flatMap(answer -> answer.orElse(List.of()).stream())
                .sorted(Comparator.comparing(Holdup::partition))
                .toList();
    }

    private static List<Holdup> holdups(List<Partition> partitions, long now) {
        return partitions.stream()
                .map(Partition::firstWaitedFor)
                .flatMap(Stream::ofNullable)
                .map(first -> holdup(first, now))
                .toList();
    }

    /** Where a record is that holds its partition back, and for how long it has been on its way. */
    static Holdup holdup(Flight flight, long now) {
        Optional<Step> holder = Optional.ofNullable(flight.holder());
        return new Holdup(
                flight.partition.name,
                flight.offset,
                holder.map(step -> step.name),
                Duration.ofNanos(now - flight.since),
                flight.attempts(),
                Duration.ofNanos(holder.map(step -> step.unavailableFor(now)).orElse(0L)));
    }

    static String millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
    }

    /** That a new life is about to begin, where it is. */
    static Optional<String> restart(Engine engine, Supervisor supervisor) {
        return Optional.ofNullable(supervisor.restartCause())
                .map(cause -> "begins anew in " + millis(supervisor.restartDelay(engine.environment.nanoTime()))
                        + " after: " + Listeners.kind(cause));
    }

    private static String explain(List<Partition> partitions, long now) {
        StringBuilder text = new StringBuilder();
        for (Partition partition : partitions) {
            text.append("  ").append(partition.name).append(": ");
            long frontier = partition.frontier();
            text.append(frontier == Partition.NO_FRONTIER ? "nothing done yet" : "done up to " + frontier);
            @Nullable Flight first = partition.firstWaitedFor();
            if (first != null) {
                text.append(", held back by ").append(holdup(first, now));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
