package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What a runner has been told, with the defaults for the rest. Never changed once a runner holds it. */
final class RunnerOptions {

    int workers = Runtime.getRuntime().availableProcessors();
    boolean areWorkersChosen;
    int maxInFlight = 20_000;
    long maxInFlightBytes = 64L << 20;
    /** Records of one partition between its frontier and the newest; a bound on the ledger, not on work. */
    int maxGap = 200_000;

    Duration commitInterval = Duration.ofSeconds(1);
    Duration drainTimeout = Duration.ofSeconds(30);
    Duration revokeTimeout = Duration.ofSeconds(10);
    Duration stuckAfter = Duration.ofMinutes(1);
    RetryPolicy restart = RetryPolicy.none();
    List<PipelineListener> listeners = List.of();

    RunnerOptions with(Consumer<RunnerOptions> change) {
        RunnerOptions copy = new RunnerOptions();
        copy.workers = workers;
        copy.areWorkersChosen = areWorkersChosen;
        copy.maxInFlight = maxInFlight;
        copy.maxInFlightBytes = maxInFlightBytes;
        copy.maxGap = maxGap;
        copy.commitInterval = commitInterval;
        copy.drainTimeout = drainTimeout;
        copy.revokeTimeout = revokeTimeout;
        copy.stuckAfter = stuckAfter;
        copy.restart = restart;
        copy.listeners = listeners;
        change.accept(copy);
        return copy;
    }
}
