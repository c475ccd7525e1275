package dev.millrace.pipeline.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.Pipeline;
import dev.millrace.pipeline.Sinks;
import dev.millrace.pipeline.Sources;
import dev.millrace.pipeline.TableSink;
import dev.millrace.pipeline.policy.BatchPolicy;
import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.StageOptions;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.testing.RecordingListener;
import dev.millrace.pipeline.testing.Runs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableSinkTest {

    private static final char ESCAPE = 0x1B;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);

    record Film(String title, Integer year, Object note) {}

    record Broken(int value) {
        @Override
        public int value() {
            throw new IllegalStateException("no value");
        }
    }

    @Test
    void shouldPartColumnsByTabsAndCutNothingWhereThereIsNoTerminal() {
        String title = "Long ".repeat(100) + "Film";

        assertThat(printed(Sinks.table(out), new Film(title, 1999, null), new Film("a\tb", 2001, "x")))
                .containsExactly("title\tyear\tnote", title + "\t1999\tnull", "a\\tb\t2001\tx");
    }

    @Test
    void shouldAlignColumnsAndNumbersToTheRight() {
        assertThat(printed(
                        Sinks.table(out).untruncated(),
                        new Film("Alien", 1979, null),
                        new Film("M", 931, "old"),
                        new Film("Up", null, "")))
                .containsExactly(
                        "title  year  note",
                        "-----  ----  ----",
                        "Alien  1979  null",
                        "M       931  old",
                        "Up     null");
    }

    @Test
    void shouldCutTheWidestColumnsToTheWidth() {
        Film film = new Film("The quick brown fox jumps over the lazy dog", 1999, "a rather long note, too");

        assertThat(printed(Sinks.table(out).width(30), film))
                .containsExactly(
                        "title        year  note", "-----------  ----  -----------", "The quick …  1999  a rather l…")
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(30));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8, 11, 17})
    void shouldKeepToTheWidthHoweverSmall(int width) {
        assertThat(printed(Sinks.table(out).width(width), new Film("Alien", 1979, "note")))
                .allSatisfy(line -> assertThat(line).hasSizeBetween(1, width));
    }

    @Test
    void shouldGiveWideCharactersTwoColumnsAndCombiningOnesNone() {
        assertThat(printed(
                        Sinks.table(out).width(20),
                        new Film("七人の侍", 1954, "x"),
                        new Film("Ame\u0301lie", 2001, "x"),
                        new Film("\uD83D\uDC1F Dory", 2016, "x"),
                        new Film("東京物語東京物語", 1953, "x")))
                .containsExactly(
                        "title     year  note",
                        "--------  ----  ----",
                        "七人の侍  1954  x",
                        "Ame\u0301lie    2001  x",
                        "\uD83D\uDC1F Dory   2016  x",
                        "東京物…   1953  x");
    }

    @Test
    void shouldLetNoValueCommandTheTerminal() {
        List<String> lines = printed(
                Sinks.table(out).untruncated(),
                Map.of("a" + ESCAPE + "[2J", "b" + ESCAPE + "]0;title\u0007"),
                "\u009B31m\u202Egnp.exe\r\nnext\u0000\uD800");

        assertThat(lines)
                .contains("a\\u001b[2J" + " ".repeat(13) + "value", "b\\u001b]0;title\\u0007")
                .last()
                .asString()
                .endsWith("\\u009b31m\\u202egnp.exe\\r\\nnext\\u0000\\ud800");
        assertThat(String.join("", lines).chars()).allMatch(c -> c >= ' ' && c < 0x7F);
    }

    @Test
    void shouldShowMapsAndPlainValuesAndBytesThatAreText() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("k", null);
        map.put("raw", "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        map.put("other", new byte[] {(byte) 0xFF, 0});

        assertThat(printed(Sinks.table(out), map, 7))
                .containsExactly("k\traw\tother\tvalue", "null\t{\"a\":1}\tbyte[2]\t", "\t\t\t7");
    }

    @Test
    void shouldPrintTheHeaderAgainOnlyWhenColumnsComeOrGrow() {
        StageOptions oneByOne = StageOptions.with().batch(BatchPolicy.upTo(1));

        Runs.run(Pipeline.named("p")
                .from(Sources.of("aaaaaaaaaa", "b", "cccccccccccccccc", "dddddddddddddddddd", "e"))
                .to(Sinks.table(out).untruncated(), oneByOne));

        assertThat(lines())
                .containsExactly(
                        "value",
                        "----------",
                        "aaaaaaaaaa",
                        "b",
                        "value",
                        "--------------------",
                        "cccccccccccccccc",
                        "dddddddddddddddddd",
                        "e");
    }

    @Test
    void shouldFailTheValueThatCannotBeShownAndPrintTheOthers() {
        RecordingListener listener = new RecordingListener();

        Runs.run(
                Runs.runner().listener(listener),
                Pipeline.named("p")
                        .from(Sources.of(Arrays.<Object>asList("a", new Broken(1), "b")))
                        .to(Sinks.table(out), StageOptions.with().onFailure(FailurePolicy.skip())));

        assertThat(lines()).containsExactly("value", "a", "b");
        assertThat(listener.skips).hasSize(1);
    }

    @Test
    void shouldEndThePipelineWhenTheStreamTakesNoMore() {
        PrintStream closed = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        });

        assertThat(Runs.runToFailure(
                        Runs.runner(),
                        Pipeline.named("p")
                                .from(Sources.of("a"))
                                .to(Sinks.table(closed), StageOptions.with().onFailure(FailurePolicy.skip()))))
                .hasCauseInstanceOf(StageFailedException.class);
    }

    @Test
    void shouldRefuseAWidthThatIsNotPositive() {
        assertThatThrownBy(() -> Sinks.table(out).width(0)).hasMessage("columns must be positive, got 0");
        assertThatThrownBy(() -> Sinks.table(null)).hasMessage("out");
    }

    private List<String> printed(TableSink table, Object... values) {
        Runs.run(Pipeline.named("p").from(Sources.of(Arrays.asList(values))).to(table));
        return lines();
    }

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
