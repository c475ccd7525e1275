package dev.millrace.spring;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Pipelines that tests have as beans, and how they wait for them. */
final class TestPipelines {

    /** For whatever comes at once, on a machine that may stand still. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    /** In the record that a pipeline fails at, and so in nothing that may be seen. */
    static final String PAYLOAD = "payload-4711";

    private TestPipelines() {}

    /** An application whose shutdown waits for as long as it takes. */
    static ApplicationContextRunner application() {
        return new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(LifecycleAutoConfiguration.class, MillraceAutoConfiguration.class))
                .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=" + PATIENCE);
    }

    static Pipeline endless(String name) {
        return endless(name, new AtomicBoolean());
    }

    /** One that fails as soon as it is told to be broken. */
    static Pipeline endless(String name, AtomicBoolean isBroken) {
        return Pipeline.named(name)
                .from(Sources.every(Duration.ofMillis(1), () -> 1))
                .map(number -> {
                    if (isBroken.get()) {
                        throw new IllegalStateException("broken at " + PAYLOAD);
                    }
                    return number;
                })
                .to(Sinks.discard());
    }

    static Pipeline bounded(String name) {
        return Pipeline.named(name).from(Sources.of(1, 2, 3)).to(Sinks.discard());
    }

    /** Waits for the end, as asked or in failure. */
    static void awaitEnd(RunningPipeline running) {
        try {
            if (!running.awaitTermination(PATIENCE)) {
                throw new AssertionError("it has not ended: " + running.explain());
            }
        } catch (PipelineFailedException failed) {
            return; // which the test asks for by itself
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new AssertionError("waited in vain until " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
