package dev.millrace.spring;

import dev.millrace.pipeline.policy.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a pipeline begins anew; if any of them is set, it does.
 *
 * @param maxAttempts How often a pipeline begins in a row, the first time included. By default without end.
 * @param initialDelay The delay before a pipeline begins the second time; it doubles each time.
 * @param maxDelay The longest delay.
 */
record RestartProperties(
        @Nullable Integer maxAttempts,
        @DefaultValue("100ms") Duration initialDelay,
        @DefaultValue("30s") Duration maxDelay) {

    RetryPolicy policy() {
        return RetryPolicy.exponential(initialDelay, maxDelay)
                .maxAttempts(maxAttempts == null ? Integer.MAX_VALUE : maxAttempts);
    }
}
