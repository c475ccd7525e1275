package dev.millrace.pipeline.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds what is wrong with a running pipeline. */
final class Health {

    private final Engine engine;
    private final Supervisor supervisor;
    private final List<String> reasons = new ArrayList<>();
    /** The longest time that a worker has not reached what is behind a stage. */
    private final Map<String, Long> outages = new LinkedHashMap<>();

    private Health(Engine engine, Supervisor supervisor) {
        this.engine = engine;
        this.supervisor = supervisor;
    }

    static PipelineHealth of(Engine engine, Supervisor supervisor) {
        PipelineState state = engine.state();
        if (state.isFinal()) {
            String reason = engine.failure().map(Throwable::getMessage).orElse("it has stopped");
            return new PipelineHealth(PipelineHealth.Status.DOWN, List.of(reason));
        }
        List<String> reasons = new Health(engine, supervisor).reasons(state);
        return new PipelineHealth(
                reasons.isEmpty() ? PipelineHealth.Status.UP : PipelineHealth.Status.DEGRADED, reasons);
    }

    private List<String> reasons(PipelineState state) {
        if (engine.isPaused()) {
            reasons.add("it is paused");
        } else if (state != PipelineState.RUNNING) {
            reasons.add("it is about to end");
        }
        Optional<String> restart = Reports.restart(engine, supervisor);
        if (restart.isPresent()) {
            reasons.add("it " + restart.get());
        } else {
            look(supervisor.current());
        }
        return reasons;
    }

    private void look(SourceLoop life) {
        life.troubles().forEach(trouble -> reasons.add("stage '" + engine.sourceName() + "': " + trouble));
        @Nullable Long since = life.unavailableSince();
        if (since != null) {
            outages.put(engine.sourceName(), engine.environment.nanoTime() - since);
        }
        List<String> stuck = new ArrayList<>();
        Reports.ask(life.workers(), worker -> Findings.of(worker, life, engine.options))
                .forEach((worker, found) -> found.ifPresentOrElse(
                        findings -> {
                            findings.outages.forEach((stage, nanos) -> outages.merge(stage, nanos, Math::max));
                            stuck.addAll(findings.stuck);
                        },
                        () -> stuck.add(Reports.noAnswer(worker))));
        outages.forEach(
                (stage, nanos) -> reasons.add("stage '" + stage + "' is unavailable for " + Reports.millis(nanos)));
        reasons.addAll(stuck);
    }

    /** What one worker finds, in a cycle of its own. */
    private record Findings(Map<String, Long> outages, List<String> stuck) {

        static Findings of(Worker worker, SourceLoop life, RunnerOptions options) {
            Findings findings = new Findings(new LinkedHashMap<>(), new ArrayList<>());
            long now = worker.engine.environment.nanoTime();
            for (Step step : worker.steps()) {
                long nanos = step.unavailableFor(now);
                if (nanos > 0) {
                    findings.outages.put(step.name, nanos);
                }
            }
            long tooLong = Nanos.of(options.stuckAfter);
            for (Partition partition : life.partitionsOf(worker)) {
                @Nullable Flight first = partition.firstWaitedFor();
                if (first != null && now - first.since >= tooLong && !waitsAsTold(first, now, tooLong)) {
                    findings.stuck.add(
                            "partition " + partition.name + " is held back by " + Reports.holdup(first, now));
                }
            }
            return findings;
        }

        /** What a throttle, a list that is not full or an aggregate between two rounds holds is not stuck. */
        private static boolean waitsAsTold(Flight flight, long now, long tooLong) {
            @Nullable Step holder = flight.holder();
            return holder instanceof ThrottleStep
                    || holder instanceof BatchStep
                    || holder instanceof AggregateStep aggregate
                            && now - aggregate.tellingSince().orElse(now) < tooLong;
        }
    }
}
