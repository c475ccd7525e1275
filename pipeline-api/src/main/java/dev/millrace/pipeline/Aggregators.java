package dev.millrace.pipeline;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.Aggregator;
import dev.millrace.pipeline.spi.StateFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Ways to bring values together. Numbers with a fraction are added in the order of the records and then of the
 * partitions, so that the same records always come to the same sum.
 */
public final class Aggregators {

    private Aggregators() {}

    /** How many values there are. */
    public static Aggregator<Object, Long, Long> counting() {
        return summing(value -> 1L);
    }

    /**
     * The sum of whole numbers. A record with which it would no longer fit a {@code long} fails; so does, where the
     * sums of several partitions do not, what is told.
     */
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

    /** The sum of numbers with a fraction. */
    public static <T> Aggregator<T, ?, Double> summingDoubles(ThrowingFunction<? super T, Double> number) {
        return new Doubles<>(number, (sum, count) -> sum);
    }

    /** The mean of numbers, which is their sum by how many there are. */
    public static <T> Aggregator<T, ?, Double> averaging(ThrowingFunction<? super T, Double> number) {
        return new Doubles<>(number, (sum, count) -> sum / count);
    }

    /** The least value, the first one of several that compare as equal. */
    public static <T> Aggregator<T, ?, T> min(Comparator<? super T> order, StateFormat<T> format) {
        return new Greatest<>(1, Collections.reverseOrder(order), format, best -> best.get(0));
    }

    /** The greatest value, the first one of several that compare as equal. */
    public static <T> Aggregator<T, ?, T> max(Comparator<? super T> order, StateFormat<T> format) {
        return new Greatest<>(1, order, format, best -> best.get(0));
    }

    /**
     * The greatest values, the greatest first; of several that compare as equal the first ones.
     *
     * @param most how many of them, positive
     */
    public static <T> Aggregator<T, ?, List<T>> top(int most, Comparator<? super T> order, StateFormat<T> format) {
        if (most < 1) {
            throw new IllegalArgumentException("most must be positive, got " + most);
        }
        return new Greatest<>(most, order, format, best -> best);
    }

    /**
     * Leaves out what has been sent again: of the values of a key in a partition, each whose number is not above that
     * of the last one. For a topic whose sender numbers what it sends, in ascending order per partition, and after a
     * crash begins again with what it was not certain of; {@code ascending(Movie::row, counting())} counts each row
     * once.
     *
     * @param number of a value; zero or more
     */
    public static <T, R> Aggregator<T, ?, R> ascending(
            ThrowingFunction<? super T, Long> number, Aggregator<? super T, ?, R> aggregator) {
        return new Ascending<>(number, aggregator);
    }

    /** A sum, and of how many. */
    private record Total(double sum, long count) {

        static final StateFormat<Total> FORMAT = StateFormat.of(
                total -> ByteBuffer.allocate(Double.BYTES + Long.BYTES)
                        .putDouble(total.sum)
                        .putLong(total.count)
                        .array(),
                bytes -> {
                    if (bytes.length != Double.BYTES + Long.BYTES) {
                        throw new IllegalArgumentException("a total must have 16 bytes, got " + bytes.length);
                    }
                    ByteBuffer buffer = ByteBuffer.wrap(bytes);
                    return new Total(buffer.getDouble(), buffer.getLong());
                });
    }

    private interface OfTotal {

        double apply(double sum, long count);
    }

    private record Doubles<T>(ThrowingFunction<? super T, Double> number, OfTotal result)
            implements Aggregator<T, Total, Double> {

        Doubles {
            Objects.requireNonNull(number, "number");
        }

        @Override
        public Total initial() {
            return new Total(0, 0);
        }

        @Override
        public Total add(Total total, T value) throws Exception {
            return new Total(total.sum + number.apply(value), total.count + 1);
        }

        @Override
        public Total merge(Total one, Total other) {
            return new Total(one.sum + other.sum, one.count + other.count);
        }

        @Override
        public Double result(Total total) {
            return result.apply(total.sum, total.count);
        }

        @Override
        public StateFormat<Total> format() {
            return Total.FORMAT;
        }
    }

    private record Greatest<T, R>(
            int most, Comparator<? super T> order, StateFormat<T> each, ThrowingFunction<List<T>, R> best)
            implements Aggregator<T, List<T>, R> {

        Greatest {
            Objects.requireNonNull(order, "order");
            Objects.requireNonNull(each, "format");
        }

        @Override
        public List<T> initial() {
            return List.of();
        }

        @Override
        public List<T> add(List<T> former, T value) {
            return former.size() == most && order.compare(former.get(most - 1), value) >= 0
                    ? former
                    : merge(former, List.of(value));
        }

        @Override
        public List<T> merge(List<T> one, List<T> other) {
            List<T> all = new ArrayList<>(one);
            all.addAll(other);
            all.sort(Collections.reverseOrder(order)); // stable, so the first of equals stays the first
            return List.copyOf(all.subList(0, Math.min(most, all.size())));
        }

        @Override
        public R result(List<T> greatest) throws Exception {
            return best.apply(greatest);
        }

        @Override
        public StateFormat<List<T>> format() {
            return StateFormat.listOf(each);
        }
    }
}
