package dev.millrace.pipeline;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.Aggregator;
import dev.millrace.pipeline.spi.StateFormat;
import java.util.Objects;

/** Ways to bring values together. */
public final class Aggregators {

    private Aggregators() {}

    /** How many values there are. */
    public static Aggregator<Object, Long, Long> counting() {
        return summing(value -> 1L);
    }

    /** The sum of whole numbers; where it does not fit a {@code long}, the record fails. */
    public static <T> Aggregator<T, Long, Long> summing(ThrowingFunction<? super T, Long> number) {
        Objects.requireNonNull(number, "number");
        return new Aggregator<>() {
            @Override
            public Long initial() {
                return 0L;
            }

            @Override
            public Long add(Long sum, T value) throws Exception {
                return Math.addExact(sum, number.apply(value));
            }

            @Override
            public Long merge(Long one, Long other) {
                return Math.addExact(one, other);
            }

            @Override
            public Long result(Long sum) {
                return sum;
            }

            @Override
            public StateFormat<Long> format() {
                return StateFormat.longs();
            }
        };
    }
}
