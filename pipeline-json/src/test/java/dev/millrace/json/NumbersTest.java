package dev.millrace.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No number becomes another one in silence. */
class NumbersTest {

    record All(Double real, Float small, double[] list, BigDecimal exact, Number any, Object object, String text) {}

    private static <T> JsonCodec<T> codec(Class<T> type) {
        return new JsonCodec<>(JsonMapping.of(type));
    }

    private static <T> T read(Class<T> type, String json) throws Exception {
        return codec(type).decode(json.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[12345678901234567.89]",
                "[0.1234567890123456789]",
                "[1.10]",
                "[1.0]",
                "[100]",
                "[1E+400]",
                "[-0.0001]",
                "[12345678901234567890123]"
            })
    void shouldWriteATreeAsItWasRead(String json) throws Exception {
        JsonNode tree = read(JsonNode.class, json);

        assertThat(codec(JsonNode.class).encode(tree)).asString(UTF_8).isEqualTo(json);
    }

    @Test
    void shouldReadEachNumberAsItsTypeHoldsIt() throws Exception {
        All all = read(
                All.class,
                "{\"real\":1e308,\"small\":1e38,\"list\":[0.5],\"exact\":1e400,\"any\":1.10,\"object\":1.10,\"text\":1e999}");

        assertThat(all.real()).isEqualTo(1e308);
        assertThat(all.list()).containsExactly(0.5);
        assertThat(all.exact()).isEqualTo(new BigDecimal("1e400"));
        assertThat(all.any()).isEqualTo(new BigDecimal("1.10"));
        assertThat(all.object()).isEqualTo(new BigDecimal("1.10"));
        assertThat(all.text()).isEqualTo("1e999");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"real\":1e309}              | $.real must be in the range of double",
                "{\"real\":-1e999999999}       | $.real must be in the range of double",
                "{\"small\":1e39}              | $.small must be in the range of float",
                "{\"list\":[1,1e400]}          | $.list",
                "{\"exact\":1e1001}            | $.exact must be a number of at most 1000 digits",
                "{\"exact\":1e-999999999}      | $.exact must be a number of at most 1000 digits",
                "{\"any\":1e999999999}         | $.any must be a number of at most 1000 digits",
                "{\"object\":{\"a\":1e99999}}  | must be a number of at most 1000 digits"
            })
    void shouldRefuseWhatNoNumberCanHold(String json, String problem) {
        assertThatThrownBy(() -> read(All.class, json))
                .isInstanceOf(JsonRefusedException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void shouldRefuseATreeThatNobodyCouldAskForAnInteger() {
        assertThatThrownBy(() -> read(JsonNode.class, "{\"a\":[1e999999999]}"))
                .isInstanceOf(JsonRefusedException.class)
                .hasMessageContaining("must be a number of at most 1000 digits");
        assertThatThrownBy(() -> read(Map.class, "{\"a\":1e999999999}"))
                .hasMessageContaining("must be a number of at most 1000 digits");
        assertThatThrownBy(() -> read(BigInteger.class, "1e999999999")).isInstanceOf(JsonRefusedException.class);
    }

    @Test
    void shouldBeAsStrictWithOptionsOfItsOwn() {
        JsonCodec<Double> codec = new JsonCodec<>(JsonMapping.of(Double.class)
                .refusingDuplicates()
                .withLimits(limits -> limits.maxNestingDepth(2))
                .onOneLine());

        assertThatThrownBy(() -> codec.decode("1e400".getBytes(UTF_8))).hasMessage("$ must be in the range of double");
        assertThatThrownBy(() -> codec.encode(Double.NaN)).hasMessage("$ must be a finite number");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void shouldRefuseToWriteWhatIsNoNumber(double none) {
        record One(double speed) {}
        record Many(double[] speeds) {}
        assertThatThrownBy(() -> codec(One.class).encode(new One(none)))
                .isInstanceOf(JsonRefusedException.class)
                .hasMessage("$.speed must be a finite number");
        assertThatThrownBy(() -> codec(Many.class).encode(new Many(new double[] {1, none})))
                .hasMessageContaining("must be a finite number");
        assertThatThrownBy(() -> codec(Map.class).encode(Map.of("a", (float) none)))
                .hasMessageContaining("must be a finite number");
    }
}
