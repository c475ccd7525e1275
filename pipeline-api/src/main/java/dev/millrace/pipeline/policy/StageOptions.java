package dev.millrace.pipeline.policy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Options of one stage, begun with {@link #with()}. What is not set has the stage's default. Sinks heed all of them,
 * lookups all but {@link #batch} (those in memory have a use for name and failure policy alone), aggregates name,
 * failure policy and retry policy, functions and the source name and failure policy, and what can neither fail nor be
 * called again its name alone; a verb refuses any other option with a
 * {@link dev.millrace.pipeline.PipelineDefinitionException}.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 */
public final class StageOptions {

    private static final StageOptions DEFAULTS = new StageOptions(null, null, null, null, null, null, null, null);

    private final @Nullable String name;
    private final @Nullable RetryPolicy retry;
    private final @Nullable FailurePolicy onFailure;
    private final @Nullable BatchPolicy batch;
    private final @Nullable Ordering ordering;
    private final @Nullable Integer concurrency;
    private final @Nullable Duration timeout;
    private final @Nullable Duration deadline;

    private StageOptions(
            @Nullable String name,
            @Nullable RetryPolicy retry,
            @Nullable FailurePolicy onFailure,
            @Nullable BatchPolicy batch,
            @Nullable Ordering ordering,
            @Nullable Integer concurrency,
            @Nullable Duration timeout,
            @Nullable Duration deadline) {
        this.name = name;
        this.retry = retry;
        this.onFailure = onFailure;
        this.batch = batch;
        this.ordering = ordering;
        this.concurrency = concurrency;
        this.timeout = timeout;
        this.deadline = deadline;
    }

    /** No option set yet. */
    public static StageOptions with() {
        return DEFAULTS;
    }

    /**
     * Name of the stage in logs, metrics, dead letters and diagrams; by default its verb, numbered where that recurs.
     * {@code dead-letters}, also with a number, is the name of a store of dead letters and no stage's.
     */
    public StageOptions name(String name) {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("name must not be blank");
        }
        return new StageOptions(name, retry, onFailure, batch, ordering, concurrency, timeout, deadline);
    }

    /** How a failed record is tried again; by default {@link RetryPolicy#none()}. */
    public StageOptions retry(RetryPolicy retry) {
        Objects.requireNonNull(retry, "retry");
        return new StageOptions(name, retry, onFailure, batch, ordering, concurrency, timeout, deadline);
    }

    /**
     * What becomes of a record that this stage gives up on; by default what the sink that ends the pipeline says, and
     * {@link FailurePolicy#stop()} if that says nothing.
     */
    public StageOptions onFailure(FailurePolicy onFailure) {
        Objects.requireNonNull(onFailure, "onFailure");
        return new StageOptions(name, retry, onFailure, batch, ordering, concurrency, timeout, deadline);
    }

    /** How a sink's records are put into batches; by default {@link BatchPolicy#whatWaits()}. */
    public StageOptions batch(BatchPolicy batch) {
        Objects.requireNonNull(batch, "batch");
        return new StageOptions(name, retry, onFailure, batch, ordering, concurrency, timeout, deadline);
    }

    /** What order an asynchronous lookup or a sink keeps; by default {@link Ordering#PER_PARTITION}. */
    public StageOptions ordering(Ordering ordering) {
        Objects.requireNonNull(ordering, "ordering");
        return new StageOptions(name, retry, onFailure, batch, ordering, concurrency, timeout, deadline);
    }

    /**
     * How many calls of this stage may be under way at once: lookups (by default 256), or batches being written: by
     * default 64 where the writer is {@linkplain dev.millrace.pipeline.spi.SinkWriter#isPipelined() pipelined}, as
     * those of Kafka and Cassandra are; of others 1 where the order of each partition is kept, and 16 where it is not.
     * A call that never answers keeps its place, unless there is a {@link #timeout} or a {@link #deadline}.
     */
    public StageOptions concurrency(int concurrency) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency must be positive, got " + concurrency);
        }
        return new StageOptions(name, retry, onFailure, batch, ordering, concurrency, timeout, deadline);
    }

    /**
     * How long one attempt of a lookup or a write may take; by default without limit. One that takes longer counts as
     * {@linkplain dev.millrace.pipeline.spi.UnavailableException unavailable}, and a late answer is ignored. Its place
     * among the stage's concurrency is free then; but a function that blocks is not interrupted, and keeps it until it
     * ends.
     */
    public StageOptions timeout(Duration timeout) {
        if (Objects.requireNonNull(timeout, "timeout").isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, got " + timeout);
        }
        return new StageOptions(name, retry, onFailure, batch, ordering, concurrency, timeout, deadline);
    }

    /**
     * How long a value may stay in a lookup or a sink from its arrival on, over all attempts, outages included; by
     * default without limit. One that is not done by then is given up with a
     * {@link java.util.concurrent.TimeoutException}, which the failure policy is followed for; only that value is,
     * whatever shares a batch or a key with it goes on. A lookup or a write that is under way then is not waited for
     * any longer, as after a {@link #timeout(Duration)}, but may still take effect. While an order is kept, values wait
     * for those before them, and that counts as well.
     */
    public StageOptions deadline(Duration deadline) {
        if (Objects.requireNonNull(deadline, "deadline").isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline must be positive, got " + deadline);
        }
        return new StageOptions(name, retry, onFailure, batch, ordering, concurrency, timeout, deadline);
    }

    /** See {@link #name(String)}. */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** See {@link #retry(RetryPolicy)}. */
    public RetryPolicy retry() {
        return retry == null ? RetryPolicy.none() : retry;
    }

    /** See {@link #onFailure(FailurePolicy)}. */
    public Optional<FailurePolicy> onFailure() {
        return Optional.ofNullable(onFailure);
    }

    /** See {@link #batch(BatchPolicy)}. */
    public BatchPolicy batch() {
        return batch == null ? BatchPolicy.whatWaits() : batch;
    }

    /** See {@link #ordering(Ordering)}. */
    public Ordering ordering() {
        return ordering == null ? Ordering.PER_PARTITION : ordering;
    }

    /** See {@link #concurrency(int)}. */
    public OptionalInt concurrency() {
        return concurrency == null ? OptionalInt.empty() : OptionalInt.of(concurrency);
    }

    /** See {@link #timeout(Duration)}. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /** See {@link #deadline(Duration)}. */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StageOptions that && state().equals(that.state());
    }

    @Override
    public int hashCode() {
        return state().hashCode();
    }

    private List<Optional<?>> state() {
        return List.of(
                Optional.ofNullable(name),
                Optional.ofNullable(retry),
                Optional.ofNullable(onFailure),
                Optional.ofNullable(batch),
                Optional.ofNullable(ordering),
                Optional.ofNullable(concurrency),
                Optional.ofNullable(timeout),
                Optional.ofNullable(deadline));
    }
}
