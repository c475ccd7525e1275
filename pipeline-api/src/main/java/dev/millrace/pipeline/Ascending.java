package dev.millrace.pipeline;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.Aggregator;
import dev.millrace.pipeline.spi.StateFormat;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Leaves out values whose number is not above that of the last one. */
final class Ascending<T, S, R> implements Aggregator<T, Ascending.Numbered<S>, R> {

    private static final long NONE = -1;

    private final ThrowingFunction<? super T, Long> number;
    private final Aggregator<? super T, S, R> aggregator;

    Ascending(ThrowingFunction<? super T, Long> number, Aggregator<? super T, S, R> aggregator) {
        this.number = Objects.requireNonNull(number, "number");
        this.aggregator = Objects.requireNonNull(aggregator, "aggregator");
    }

    /** A state and the number of the last value in it. */
    record Numbered<S>(long last, S state) {}

    @Override
    public Numbered<S> initial() {
        return new Numbered<>(NONE, aggregator.initial());
    }

    @Override
    public Numbered<S> add(Numbered<S> former, T value) throws Exception {
        long next = number.apply(value);
        if (next < 0) {
            throw new IllegalArgumentException("number must not be negative, got " + next);
        }
        return next <= former.last ? former : new Numbered<>(next, aggregator.add(former.state, value));
    }

    /** The number counts in each partition by itself: nothing is added to what has been merged. */
    @Override
    public Numbered<S> merge(Numbered<S> one, Numbered<S> other) throws Exception {
        return new Numbered<>(Math.max(one.last, other.last), aggregator.merge(one.state, other.state));
    }

    @Override
    public R result(Numbered<S> numbered) throws Exception {
        return aggregator.result(numbered.state);
    }

    @Override
    public StateFormat<Numbered<S>> format() {
        StateFormat<S> states = aggregator.format();
        return StateFormat.of(
                numbered -> {
                    byte[] state = states.encode(numbered.state);
                    return ByteBuffer.allocate(Long.BYTES + state.length)
                            .putLong(numbered.last)
                            .put(state)
                            .array();
                },
                bytes -> {
                    if (bytes.length < Long.BYTES) {
                        throw new IllegalArgumentException(
                                "a number and a state must have 8 bytes or more, got " + bytes.length);
                    }
                    ByteBuffer buffer = ByteBuffer.wrap(bytes);
                    long last = buffer.getLong();
                    byte[] state = new byte[buffer.remaining()];
                    buffer.get(state);
                    return new Numbered<>(last, states.decode(state));
                });
    }
}
