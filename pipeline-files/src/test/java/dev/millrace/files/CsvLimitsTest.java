package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Input that would swallow the memory if it were let. */
class CsvLimitsTest {

    private static final int MEBI = 1 << 20;

    /** So many bytes, of which none is kept. */
    private static InputStream bytes(String unit, long count) {
        byte[] block = unit.repeat(64 * 1024 / unit.length()).getBytes(UTF_8);
        return new InputStream() {
            private long left = count;

            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                if (left == 0) {
                    return -1;
                }
                int given = (int) Math.min(left, Math.min(block.length, length));
                System.arraycopy(block, 0, target, offset, given);
                left -= given;
                return given;
            }
        };
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static CsvSource<List<String>> rows(InputStream... parts) {
        return Csv.stream(
                "big.csv", () -> new SequenceInputStream(Collections.enumeration(List.of(parts))), CsvRow::values);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\""})
    void shouldRefuseJustTheRowWhenAValueIsFiftyMegabytes(String quote) throws Exception {
        Reading<List<String>> reading = Reading.of(
                rows(text("a,b\n1,2\n3," + quote), bytes("x", 50_000_000), text(quote + "\n4,5\n\"6\",\"7\"\n")));

        assertThat(reading.values()).containsExactly(List.of("1", "2"), List.of("4", "5"), List.of("6", "7"));
        assertThat(reading.reasons()).containsExactly("big.csv line 3: is longer than 1048576 characters");
        CsvRow refused = (CsvRow) reading.refused().get(0).original().value();
        assertThat(refused.values())
                .singleElement()
                .satisfies(text -> assertThat(text).hasSize(MEBI).startsWith("3," + quote + "xxx"));
    }

    @Test
    void shouldRefuseJustTheRowWhenItHasAMillionColumns() throws Exception {
        Reading<List<String>> reading = Reading.of(
                rows(text("a,b\n"), bytes(",", 1_000_000), text("\n"), bytes(",", 2_000_000), text("\n4,5")));

        assertThat(reading.values()).containsExactly(List.of("4", "5"));
        assertThat(reading.reasons())
                .containsExactly(
                        "big.csv line 2: has 1000001 columns, at most 1000 are allowed",
                        "big.csv line 3: is longer than 1048576 characters");
    }

    @Test
    void shouldStopAndNameTheLineWhenAQuoteIsNeverClosed() throws Exception {
        AtomicLong read = new AtomicLong();
        InputStream endless = bytes("just,a,row\n", Long.MAX_VALUE);
        InputStream counted = new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] target, int offset, int length) throws java.io.IOException {
                int given = endless.read(target, offset, length);
                read.addAndGet(given);
                return given;
            }
        };
        Reading<List<String>> reading = new Reading<>(new ArrayList<>(), new ArrayList<>());

        assertThatThrownBy(() -> Reading.run(rows(text("a,b\n1,2\n\"x\ny\",\"z\n"), counted), reading))
                .isInstanceOf(PipelineFailedException.class)
                .rootCause()
                .hasMessage("big.csv line 4: a quote opens here and is not closed within 1048576 characters");
        assertThat(reading.values()).containsExactly(List.of("1", "2"));
        assertThat(reading.refused()).isEmpty();
        assertThat(read.get()).isLessThan(2 * MEBI);
    }

    @Test
    void shouldStopWhenTheOpenQuoteIsInALineThatIsTooLong() throws Exception {
        assertThatThrownBy(() -> read(rows(text("a,b\n1,\""), bytes("x", 2 * MEBI), text("\n2,3\n4,5\n"))))
                .hasMessage("big.csv line 2: a quote opens here and is not closed within 1048576 characters");
        assertThatThrownBy(() -> read(rows(text("a,b\n1,\"\n"), bytes("x", 2 * MEBI), text("\n\",3\n4,5\n"))))
                .hasMessage("big.csv line 2: a quote opens here and is not closed within 1048576 characters");
    }

    @Test
    void shouldStopWhenAQuoteHasSwallowedLineEnds() throws Exception {
        assertThatThrownBy(() -> read(rows(text("a,b\n1,\"2\n3,\"4\"\n5,6\n"))))
                .hasMessage(
                        "big.csv line 2: a quote opens here and closes in the middle of line 3; which of them is one"
                                + " too many cannot be told, nor where the row ends");
        assertThatThrownBy(() -> read(rows(text("a,b\n1,\"2\n3,4\n5,6\n"))))
                .hasMessage("big.csv line 2: a quote opens here and is never closed");
    }

    @Test
    void shouldRefuseJustTheLastRowWhenItIsCutInAQuote() throws Exception {
        Reading<List<String>> reading = Reading.of(rows(text("a,b\n1,2\n3,\"4")));

        assertThat(reading.values()).containsExactly(List.of("1", "2"));
        assertThat(reading.reasons()).containsExactly("big.csv line 3: a quote is not closed");
    }

    @Test
    void shouldGoOnWithTheNextLineWhenALongLineIsBrokenAtItsBeginning() throws Exception {
        String rest = "1,2,".repeat(10_000);

        Reading<List<String>> reading =
                Reading.of(rows(text("a,b\n\"x\"y," + rest + "\n\n4,5\n\"6\"7\n8,9,10\n11,12")));

        assertThat(reading.values()).containsExactly(List.of("4", "5"), List.of("11", "12"));
        assertThat(reading.reasons())
                .containsExactly(
                        "big.csv line 2: a quote in the middle of a value must be doubled, and the value be in quotes",
                        "big.csv line 5: a quote in the middle of a value must be doubled, and the value be in quotes",
                        "big.csv line 6: has 3 columns, must have 2");
    }

    @Test
    void shouldTakeARowWhenItIsJustAsLongAsAllowedAndRefuseOneMore() throws Exception {
        Reading<List<String>> reading = Reading.of(
                rows(text("a,b\r\n123,5678\r\n123,56789\r\n\"1\n2\",6789\n")).maxLength(8));

        assertThat(reading.values()).containsExactly(List.of("123", "5678"));
        assertThat(reading.reasons())
                .containsExactly(
                        "big.csv line 3: is longer than 8 characters", "big.csv line 4: is longer than 8 characters");
    }

    @Test
    void shouldTakeARowOfAnyLengthWhenTheLimitIsRaised() throws Exception {
        Reading<List<String>> reading = Reading.of(
                rows(text("a,b\n1,\""), bytes("x\n", 5_000_000), text("\"\n")).maxLength(6_000_000));

        assertThat(reading.refused()).isEmpty();
        assertThat(reading.values())
                .singleElement()
                .satisfies(row -> assertThat(row.get(1)).hasSize(5_000_000));
    }

    @Test
    void shouldPollLittleAtOnceWhenRowsAreLarge() throws Exception {
        String large = "x".repeat(MEBI / 2);
        try (SourceReader<List<String>> reader =
                rows(text("a\n" + (large + "\n").repeat(10))).open(CONTEXT)) {
            assertThat(reader.poll(Duration.ZERO)).hasSize(2);
            assertThat(reader.poll(Duration.ZERO))
                    .hasSize(2)
                    .allSatisfy(record -> assertThat(record.sizeInBytes()).isBetween(MEBI / 2, MEBI));
        }
    }

    /** All polls to the end, without an engine around them. */
    private static void read(CsvSource<?> source) throws Exception {
        try (SourceReader<CsvRow> reader = source.raw().open(CONTEXT)) {
            while (!reader.isExhausted()) {
                reader.poll(Duration.ZERO);
            }
        }
    }
}
