package dev.millrace.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ScaleTest {

    @Test
    void shouldBeginALinearScaleAtZeroAndEndItAtARoundValue() {
        Scale scale = Scale.linear(12, 87);

        assertThat(scale.ticks()).containsExactly(0.0, 20.0, 40.0, 60.0, 80.0, 100.0);
        assertThat(scale.position(0)).isZero();
        assertThat(scale.position(50)).isEqualTo(0.5);
        assertThat(scale.position(100)).isEqualTo(1);
    }

    @Test
    void shouldSpanALogarithmicScaleFromPowerToPower() {
        Scale scale = Scale.logarithmic(970, 624_000);

        assertThat(scale.ticks()).containsExactly(100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0);
        assertThat(scale.position(100)).isZero();
        assertThat(scale.position(10_000)).isCloseTo(0.5, within(1e-9));
        assertThat(scale.position(1_000_000)).isEqualTo(1);
    }

    @Test
    void shouldHaveAScaleForASinglePowerOfTen() {
        assertThat(Scale.logarithmic(1_000).ticks()).containsExactly(1_000.0, 10_000.0);
    }

    @Test
    void shouldPassOverWhatIsNoNumber() {
        assertThat(Scale.linear(Double.NaN, 3).ticks()).last().isEqualTo(3.0);
        assertThat(Scale.logarithmic(Double.NaN, 0, 3).ticks()).containsExactly(1.0, 10.0);
        assertThat(Scale.linear().ticks()).isNotEmpty();
    }

    @Test
    void shouldKeepEveryValueBetweenBottomAndTop() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            double value = Math.pow(10, random.nextDouble(-3, 9));
            for (Scale scale : new Scale[] {Scale.linear(value), Scale.logarithmic(value)}) {
                assertThat(scale.position(value)).as("seed 1, %s", value).isBetween(0.0, 1 + 1e-9);
                assertThat(scale.ticks()).as("seed 1, %s", value).hasSizeBetween(2, 8);
            }
        }
    }
}
