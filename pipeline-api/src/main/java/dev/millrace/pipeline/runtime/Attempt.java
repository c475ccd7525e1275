package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of a connector that answers later: brings the first of answer, failure and timeout to the worker, exactly
 * once, and ignores the rest.
 *
 * <p>It gives the call's place at the gate back: once it is answered, or waited for no longer. A call that keeps a
 * thread has its place for as long as that, so that threads cannot become more than places. One that does not might
 * never be answered, and nothing must wait for it then.
 */
final class Attempt<T> {

    private static final long NO_TIMEOUT = 0;

    private final Worker worker;
    private final Gate gate;
    private final long timeoutNanos;
    private @Nullable BiConsumer<@Nullable T, @Nullable Throwable> then;
    private Timers.@Nullable Timer timer;
    private boolean isWithinGate = true;
    private boolean isBlocking;
    private boolean isBegun;
    private boolean isComplete;
    private @Nullable T early;
    private @Nullable Throwable earlyFailure;

    /** Makes one, of a call that has entered the gate. */
    Attempt(Worker worker, Gate gate, long timeoutNanos, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        this.worker = worker;
        this.gate = gate;
        this.timeoutNanos = timeoutNanos;
        this.then = then;
    }

    static long timeoutNanos(StageOptions options) {
        return options.timeout().map(Nanos::of).orElse(NO_TIMEOUT);
    }

    void await(CompletionStage<T> answer) {
        isBegun = true;
        isBlocking = answer instanceof BlockingAnswer;
        // What is complete already needs no way round by the mailbox. It is kept until the future has returned, though,
        // for a future swallows what is thrown within its callbacks.
        answer.whenComplete((result, failure) -> {
            if (worker.isCurrent() && isBegun) {
                isComplete = true;
                early = result;
                earlyFailure = failure;
            } else {
                worker.execute(() -> answered(result, failure));
            }
        });
        isBegun = false;
        if (isComplete) {
            answered(early, earlyFailure);
            return;
        }
        if (timeoutNanos != NO_TIMEOUT) {
            timer = worker.timers.at(worker.now() + timeoutNanos, () -> breakOff(timeout()));
        }
    }

    private UnavailableException timeout() {
        return new UnavailableException("no answer within " + Duration.ofNanos(timeoutNanos)
                + (isBlocking ? ", and its thread is busy still" : ""));
    }

    /** Waits no longer; the failure given is the answer, unless there is one already. */
    void breakOff(Throwable failure) {
        if (!isBlocking) {
            leaveGate();
        }
        first(null, failure);
    }

    private void answered(@Nullable T result, @Nullable Throwable failure) {
        leaveGate();
        first(result, failure);
    }

    private void leaveGate() {
        if (isWithinGate) {
            isWithinGate = false;
            gate.leave();
        }
    }

    private void first(@Nullable T result, @Nullable Throwable failure) {
        BiConsumer<@Nullable T, @Nullable Throwable> receiver = then;
        if (receiver == null) {
            return;
        }
        then = null;
        if (timer != null) {
            timer.cancel();
        }
        Throwable cause = failure == null ? null : Failures.unwrapped(failure);
        if (cause != null) {
            Failures.rethrowIfFatal(cause);
        }
        receiver.accept(result, cause);
    }
}
