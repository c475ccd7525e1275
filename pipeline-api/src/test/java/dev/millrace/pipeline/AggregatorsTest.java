package dev.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.spi.Aggregator;
import dev.millrace.pipeline.spi.StateFormat;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AggregatorsTest {

    private static final Comparator<String> BY_LENGTH = Comparator.comparingInt(String::length);

    @Test
    void shouldBringValuesTogether() throws Exception {
        assertThat(of(Aggregators.counting(), List.of("a", "b"))).isEqualTo(2);
        assertThat(of(Aggregators.<Long>summing(n -> n), List.of(3L, -5L))).isEqualTo(-2);
        assertThat(of(Aggregators.<Double>summingDoubles(n -> n), List.of(0.5, 0.25)))
                .isEqualTo(0.75);
        assertThat(of(Aggregators.<Double>averaging(n -> n), List.of(1.0, 2.0, 6.0)))
                .isEqualTo(3);
        assertThat(of(Aggregators.min(BY_LENGTH, StateFormat.text()), List.of("bbb", "a", "c")))
                .isEqualTo("a");
        assertThat(of(Aggregators.max(BY_LENGTH, StateFormat.text()), List.of("a", "bb", "cc")))
                .isEqualTo("bb");
        assertThat(of(Aggregators.top(2, BY_LENGTH, StateFormat.text()), List.of("a", "ccc", "bb", "ddd", "eee")))
                .containsExactly("ccc", "ddd");
    }

    /** Wherever values are parted, kept and read again, they come to the same as together. */
    @Test
    void shouldComeToTheSameInParts() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            List<Long> values =
                    random.longs(2 + random.nextInt(20), -50, 50).boxed().toList();
            int cut = 1 + random.nextInt(values.size() - 1);
            assertSame(Aggregators.counting(), values, cut);
            assertSame(Aggregators.<Long>summing(n -> n), values, cut);
            assertSame(Aggregators.<Long>averaging(n -> (double) n), values, cut);
            assertSame(Aggregators.min(Comparator.naturalOrder(), StateFormat.longs()), values, cut);
            assertSame(Aggregators.max(Comparator.naturalOrder(), StateFormat.longs()), values, cut);
            assertSame(Aggregators.top(3, Comparator.naturalOrder(), StateFormat.longs()), values, cut);
        }
    }

    private static <T, S, R> void assertSame(Aggregator<? super T, S, R> aggregator, List<T> values, int cut)
            throws Exception {
        S one = again(aggregator, state(aggregator, values.subList(0, cut)));
        S other = again(aggregator, state(aggregator, values.subList(cut, values.size())));
        assertThat(aggregator.result(aggregator.merge(one, other))).isEqualTo(of(aggregator, values));
    }

    @Test
    void shouldLeaveOutWhatHasBeenSentAgain() throws Exception {
        Aggregator<Long, ?, Long> sum = Aggregators.ascending(n -> n, Aggregators.<Long>summing(n -> n));

        assertThat(of(sum, List.of())).isZero();
        assertThat(of(sum, List.of(0L, 2L, 5L, 2L, 5L, 6L))).isEqualTo(13);
        assertThatOneGoesOnFromWhatIsKept(sum);
        assertThatThrownBy(() -> of(sum, List.of(-1L))).hasMessage("number must not be negative, got -1");
        assertThatThrownBy(() -> sum.format().decode(new byte[7]))
                .hasMessage("a number and a state must have 8 bytes or more, got 7");
    }

    private static <S> void assertThatOneGoesOnFromWhatIsKept(Aggregator<Long, S, Long> sum) throws Exception {
        S kept = again(sum, state(sum, List.of(2L, 5L)));
        S other = state(sum, List.of(1L, 9L));

        assertThat(sum.result(sum.add(sum.add(kept, 5L), 6L))).isEqualTo(13);
        assertThat(sum.result(sum.merge(kept, other))).isEqualTo(17);
    }

    @Test
    void shouldRefuseASumThatDoesNotFit() {
        assertThatThrownBy(() -> of(Aggregators.<Long>summing(n -> n), List.of(Long.MAX_VALUE, 1L)))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Aggregators.top(0, BY_LENGTH, StateFormat.text()))
                .hasMessage("most must be positive, got 0");
    }

    @Test
    void shouldRefuseBytesThatAreNone() {
        assertThatThrownBy(() -> StateFormat.longs().decode(new byte[7]))
                .hasMessage("a number must have 8 bytes, got 7");
        assertThatThrownBy(() -> StateFormat.listOf(StateFormat.text()).decode(new byte[] {0, 0, 0, 9, 1}))
                .hasMessage("an element cannot have 9 bytes");
        assertThatThrownBy(() -> StateFormat.text().encode("\ud800")).isInstanceOf(Exception.class);
        assertThatThrownBy(() -> Aggregators.averaging(value -> 1.0).format().decode(new byte[3]))
                .hasMessage("a total must have 16 bytes, got 3");
    }

    private static <T, S, R> R of(Aggregator<? super T, S, R> aggregator, List<T> values) throws Exception {
        return aggregator.result(state(aggregator, values));
    }

    private static <T, S> S state(Aggregator<? super T, S, ?> aggregator, List<T> values) throws Exception {
        S state = aggregator.initial();
        for (T value : values) {
            state = aggregator.add(state, value);
        }
        return state;
    }

    private static <S> S again(Aggregator<?, S, ?> aggregator, S state) throws Exception {
        return aggregator.format().decode(aggregator.format().encode(state));
    }
}
