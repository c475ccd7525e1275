package dev.millrace.spring;

import dev.millrace.pipeline.runtime.PipelineRunner;
import java.time.Duration;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/**
 * What is changed of a {@link PipelineRunner}; what is not set stays as the runner has it.
 *
 * @param workers How many threads run the stages of a pipeline. By default as many as there are processors.
 * @param maxInFlight The most records of a pipeline that are read and not done. By default 20,000.
 * @param maxInFlightBytes The same, by the bytes that the source says its records have. By default 64MB.
 * @param commitInterval How often the source is told how far a pipeline is done. By default every second.
 * @param drainTimeout How long a pipeline that is asked to end may take for what is in flight. By default 30 seconds.
 *     'spring.lifecycle.timeout-per-shutdown-phase' should be longer.
 * @param revokeTimeout How long partitions that go to another instance are waited for. By default 10 seconds.
 * @param stuckAfter How long a record may hold back its partition before the health tells of it. By default a minute.
 * @param restart When a pipeline begins anew after a failure of its source that may pass. By default it does not.
 */
record RunnerProperties(
        @Nullable Integer workers,
        @Nullable Integer maxInFlight,
        @Nullable DataSize maxInFlightBytes,
        @Nullable Duration commitInterval,
        @Nullable Duration drainTimeout,
        @Nullable Duration revokeTimeout,
        @Nullable Duration stuckAfter,
        @NestedConfigurationProperty @Nullable RestartProperties restart) {

    /** @throws IllegalArgumentException if one of them is nothing that a runner takes */
    PipelineRunner applyTo(PipelineRunner runner) {
        PipelineRunner changed = runner;
        changed = with(changed, workers, PipelineRunner::workers);
        changed = with(changed, maxInFlight, PipelineRunner::maxInFlight);
        changed = with(changed, maxInFlightBytes, (copy, size) -> copy.maxInFlightBytes(size.toBytes()));
        changed = with(changed, commitInterval, PipelineRunner::commitInterval);
        changed = with(changed, drainTimeout, PipelineRunner::drainTimeout);
        changed = with(changed, revokeTimeout, PipelineRunner::revokeTimeout);
        changed = with(changed, stuckAfter, PipelineRunner::stuckAfter);
        return with(changed, restart, (copy, policy) -> copy.restart(policy.policy()));
    }

    private static <T> PipelineRunner with(
            PipelineRunner runner, @Nullable T value, BiFunction<PipelineRunner, T, PipelineRunner> change) {
        return value == null ? runner : change.apply(runner, value);
    }
}
