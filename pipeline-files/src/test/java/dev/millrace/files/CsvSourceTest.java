package dev.millrace.files;

import static dev.millrace.files.TestContext.CONTEXT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.spi.SourceReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvSourceTest {

    @TempDir
    Path directory;

    record Film(String title, int releaseYear, @Nullable String director) {}

    record Pair(String a, String b) {}

    private static final Film METROPOLIS = new Film("Metropolis", 1927, "Fritz Lang");
    private static final Film M = new Film("M", 1931, null);

    private static CsvSource<List<String>> rows(byte[] content) {
        return Csv.stream("rows.csv", () -> new ByteArrayInputStream(content), CsvRow::values);
    }

    private static CsvSource<List<String>> rows(String content) {
        return rows(content.getBytes(UTF_8));
    }

    private static CsvSource<Film> films(String content) {
        return Csv.stream("films.csv", () -> new ByteArrayInputStream(content.getBytes(UTF_8)), Film.class);
    }

    @Test
    void shouldMapColumnsToComponentsByNameWhenThereIsAHeader() throws Exception {
        Path file = Files.writeString(
                directory.resolve("films.csv"),
                "release_year,id,title,director\n1927,1,Metropolis,Fritz Lang\n1931,2,M,\n");

        Reading<Film> reading = Reading.of(Csv.source(file, Film.class));

        assertThat(reading.values()).containsExactly(METROPOLIS, M);
        assertThat(reading.refused()).isEmpty();
    }

    @Test
    void shouldMapColumnsByPlaceWhenThereIsNoHeader() throws Exception {
        CsvSource<Film> source = films("Metropolis,1927,Fritz Lang\nM,1931,\n").header(false);

        assertThat(Reading.of(source).values()).containsExactly(METROPOLIS, M);
    }

    @Test
    void shouldMapColumnsByTheGivenNamesWhenTheFileHasNone() throws Exception {
        CsvSource<Film> source = films("Fritz Lang,Metropolis,1927\n").columns("director", "title", "releaseYear");

        assertThat(Reading.of(source).values()).containsExactly(METROPOLIS);
    }

    @Test
    void shouldPassOverTheHeaderWhenItsNamesWillNotDo() throws Exception {
        CsvSource<Film> source = films("x,x,\nFritz Lang,Metropolis,1927\n")
                .columns("director", "title", "releaseYear")
                .header(true);

        assertThat(Reading.of(source).values()).containsExactly(METROPOLIS);
    }

    @Test
    void shouldCallTheRowFunctionWhenThereIsOne() throws Exception {
        CsvSource<String> source = Csv.stream(
                "films.csv",
                () -> new ByteArrayInputStream("title,year\nM,1931\n\nX,none\nZ,\n".getBytes(UTF_8)),
                row -> row.get("title") + row.get(1) + row.get("year", int.class) + row.line() + row.columns());

        Reading<String> reading = Reading.of(source);

        assertThat(reading.values()).containsExactly("M193119312[title, year]", "Znull5[title, year]");
        assertThat(reading.reasons()).containsExactly("films.csv line 4: column 'year' must be a whole number");
    }

    @Test
    void shouldRefuseTheRowWhenTheRowFunctionFails() throws Exception {
        CsvSource<String> source =
                Csv.stream("x.csv", () -> new ByteArrayInputStream("secret\nfine\n".getBytes(UTF_8)), row -> {
                    if (row.get(0).equals("secret")) {
                        throw new IllegalStateException(row.get(0));
                    }
                    return row.get("no such column");
                });

        assertThat(Reading.of(source.header(false)).reasons())
                .containsExactly(
                        "x.csv line 1: the row function threw java.lang.IllegalStateException",
                        "x.csv line 2: there is no column 'no such column'");
    }

    @Test
    void shouldNameTheLineAndReadOnWhenARowIsRefused() throws Exception {
        CsvSource<Film> source = films("title,release_year,director\nMetropolis,secret,Fritz Lang\n\nM,1931\n"
                + "\"A\n B\",1999,\nSay \"x\",2,\n\"Say\" x,2,\nX,,\nLast,2000,");

        Reading<Film> reading = Reading.of(source);

        assertThat(reading.reasons())
                .containsExactly(
                        "films.csv line 2: column 'release_year' must be a whole number",
                        "films.csv line 4: has 2 columns, must have 3",
                        "films.csv line 8: a quote in the middle of a value must be doubled, and the value be in quotes",
                        "films.csv line 9: column 'release_year' must not be empty");
        assertThat(reading.values())
                .containsExactly(
                        new Film("A\n B", 1999, null), new Film("Say \"x\"", 2, null), new Film("Last", 2000, null));
    }

    @Test
    void shouldHoldTheRowInTheDeadLetterWhenItIsRefused() throws Exception {
        Reading<List<String>> reading = Reading.of(rows("a,b\n1,2,3\n\"4\"5,6\n7,8\n"));

        PipelineRecord<?> wide = reading.refused().get(0).original();
        PipelineRecord<?> broken = reading.refused().get(1).original();
        assertThat(((CsvRow) wide.value()).values()).containsExactly("1", "2", "3");
        assertThat(((CsvRow) wide.value()).line()).isEqualTo(2);
        assertThat(wide.position()).hasToString("rows.csv@0");
        assertThat(((CsvRow) broken.value()).values()).containsExactly("\"4\"5,6");
        assertThat(broken.position()).hasToString("rows.csv@1");
        assertThat(wide.value()).hasToString("rows.csv line 2");
        assertThat(reading.values()).containsExactly(List.of("7", "8"));
    }

    @Test
    void shouldEndRowsAtAnyLineEndWhenTheyAreMixed() throws Exception {
        Reading<List<String>> reading = Reading.of(rows("a,b\r1,2\r\r3\n4,5\r\n\r\n\n\"6\r\",\"\r\n\n7\"\r8,9"));

        assertThat(reading.values())
                .containsExactly(List.of("1", "2"), List.of("4", "5"), List.of("6\r", "\r\n\n7"), List.of("8", "9"));
        assertThat(reading.reasons()).containsExactly("rows.csv line 4: has 1 columns, must have 2");
    }

    @Test
    void shouldKeepWhatIsInAValueWhenItIsUnusual() throws Exception {
        String value = " \0\u0001\uFFFE\uFFFF\uFEFF #'\t \uD83D\uDE00";

        Reading<List<String>> reading = Reading.of(rows("a,b\n" + value + ",\"" + value + "\"\n#x,\"\"\n"));

        assertThat(reading.values()).containsExactly(List.of(value, value), List.of("#x", ""));
    }

    @Test
    void shouldTellAnEmptyValueFromABlankLineWhenThereIsOneColumn() throws Exception {
        assertThat(Reading.of(rows("a\n\n\"\"\n\n")).values()).containsExactly(List.of(""));
    }

    @Test
    void shouldSkipTheByteOrderMarkWhenThereIsOne() throws Exception {
        assertThat(Reading.of(films("\uFEFFtitle,releaseYear,director\nM,1931,\n"))
                        .values())
                .containsExactly(M);
        assertThat(Reading.of(films("\uFEFF").header(false)).values()).isEmpty();
        assertThat(Reading.of(rows("a,b\n1,\u00e4\n".getBytes(UTF_16)).charset(UTF_16))
                        .values())
                .containsExactly(List.of("1", "\u00e4"));
    }

    @Test
    void shouldReadOtherCharsetsAndDelimitersWhenTold() throws Exception {
        CsvSource<List<String>> source = rows("a;b\n\u00e4;1,5\n".getBytes(ISO_8859_1))
                .charset(ISO_8859_1)
                .delimiter(';');

        assertThat(Reading.of(source).values()).containsExactly(List.of("\u00e4", "1,5"));
    }

    @Test
    void shouldRefuseJustTheRowWhenItsBytesAreNoText() throws Exception {
        String rows = "a,b\n1,2\n3,\u00e4\n4,5\n\"6\n\u00e4\",7\n8,\u00e4";

        Reading<List<String>> reading = Reading.of(rows(rows.getBytes(ISO_8859_1)));

        assertThat(reading.values()).containsExactly(List.of("1", "2"), List.of("4", "5"));
        assertThat(reading.reasons())
                .containsExactly(
                        "rows.csv line 3: must be UTF-8, some bytes are not",
                        "rows.csv line 5: must be UTF-8, some bytes are not",
                        "rows.csv line 7: must be UTF-8, some bytes are not");
    }

    @Test
    void shouldUnpackWhenTheNameEndsInGz() throws Exception {
        Path file = directory.resolve("films.CSV.GZ");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("title,releaseYear,director\nM,1931,\n".getBytes(UTF_8));
        }

        assertThat(Reading.of(Csv.source(file, Film.class)).values()).containsExactly(M);
    }

    @Test
    void shouldDeliverWhatIsThereAndFailWhenAGzipFileIsCutShort() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 20_000; i++) {
                out.write((i + "," + Integer.toHexString(i * 31_415_927) + "\n").getBytes(UTF_8));
            }
        }
        byte[] cut = java.util.Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
        Reading<List<String>> reading = new Reading<>(new ArrayList<>(), new ArrayList<>());

        assertThatThrownBy(() -> Reading.run(
                        Csv.stream("cut.gz", () -> new ByteArrayInputStream(cut), CsvRow::values)
                                .header(false),
                        reading))
                .isInstanceOf(PipelineFailedException.class)
                .rootCause()
                .hasMessage("its gzip data is cut off");
        assertThat(reading.values()).hasSizeBetween(5_000, 15_000);
        assertThat(reading.refused()).isEmpty();
    }

    @Test
    void shouldSayInOneLineWhatIsWrongWhenItCannotBeOpened() throws Exception {
        Path missing = directory.resolve("no-such.csv");
        Path gz = Files.writeString(directory.resolve("plain.csv.gz"), "a,b\n");

        assertThatThrownBy(() -> Csv.source(missing, Film.class).open(CONTEXT))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(missing + ": there is no such file");
        assertThatThrownBy(() -> Csv.source(directory, Film.class).open(CONTEXT))
                .isInstanceOf(IOException.class)
                .hasMessage(directory + ": is a directory, not a file");
        assertThatThrownBy(() -> Csv.source(gz, Film.class).open(CONTEXT))
                .hasMessage(gz + ": is not a gzip file, as its name says it is");
        assertThatThrownBy(() ->
                        Csv.resource(getClass(), "no-such.csv", Film.class).open(CONTEXT))
                .hasMessage("no-such.csv: there is no such resource beside dev.millrace.files.CsvSourceTest");
        assertThatThrownBy(() -> Csv.stream("x.csv", () -> null, Film.class).open(CONTEXT))
                .hasMessage("x.csv: was opened as null");
    }

    @Test
    void shouldNotOpenWhenTheHeaderWillNotDo() {
        assertThatThrownBy(() -> films("").open(CONTEXT))
                .hasMessage("films.csv must begin with a header line, it is empty");
        assertThatThrownBy(() -> films("\n\ntitle,year, title \n").open(CONTEXT))
                .hasMessage("films.csv line 3: columns 1 and 3 have the same name");
        assertThatThrownBy(() -> films("title,, releaseYear\n").open(CONTEXT))
                .hasMessage("films.csv line 1: column 2 has no name");
        assertThatThrownBy(() -> films("title,release\n").open(CONTEXT))
                .hasMessage(
                        "films.csv line 1: one column must be for component 'releaseYear' of Film, none of the 2 is");
        assertThatThrownBy(() ->
                        films("Title,release-year,RELEASE YEAR,director\n").open(CONTEXT))
                .hasMessage("films.csv line 1: one column must be for component 'releaseYear' of Film,"
                        + " more than one of the 4 is");
        assertThatThrownBy(() -> films("\"title\"x,release_year\n").open(CONTEXT))
                .hasMessage("films.csv line 1: a quote in the middle of a value must be doubled,"
                        + " and the value be in quotes");
        assertThatThrownBy(() -> films("a,".repeat(1_000) + "b\n").open(CONTEXT))
                .hasMessage("films.csv line 1: has 1001 columns, at most 1000 are allowed");
    }

    @Test
    void shouldPollNoMoreThanTheLimitAndEndWhenTheFileEnds() throws Exception {
        try (SourceReader<Film> reader =
                films("title,releaseYear,director\nA,1,\nB,2,\nC,3,\n").open(new TestContext(2))) {
            assertThat(reader.poll(Duration.ZERO)).hasSize(2);
            assertThat(reader.isExhausted()).isFalse();
            assertThat(reader.poll(Duration.ZERO))
                    .singleElement()
                    .satisfies(record -> assertThat(record.position()).hasToString("films.csv@2"));
            assertThat(reader.isExhausted()).isTrue();
            assertThat(reader.poll(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void shouldReadAgainFromTheBeginningWhenOpenedAgain() throws Exception {
        CsvSource<Film> source = films("title,releaseYear,director\nM,1931,\n");

        assertThat(Reading.of(source).values()).containsExactly(M);
        assertThat(Reading.of(source).values()).containsExactly(M);
    }

    @Test
    void shouldTellTheFileAndNoValueWhenDescribed() {
        CsvSource<Film> source = Csv.source(Path.of("data/films.csv"), Film.class);

        assertThat(source.describe()).isEqualTo("CSV file data/films.csv");
        assertThat(source).hasToString("CsvSource[data/films.csv]");
    }

    @Test
    void shouldRefuseOptionsWhenTheyMakeNoSense() {
        CsvSource<Pair> source = Csv.source(Path.of("x.csv"), Pair.class);

        assertThatThrownBy(() -> source.delimiter('"')).hasMessage("delimiter must be neither a quote nor a line end");
        assertThatThrownBy(() -> source.columns()).hasMessage("names must be one or more, got none");
        assertThatThrownBy(() -> source.columns("a", "a")).hasMessage("columns 1 and 2 have the same name");
        assertThatThrownBy(() -> source.maxColumns(0)).hasMessage("maxColumns must be positive, got 0");
        assertThatThrownBy(() -> source.maxRowLength(-1))
                .hasMessage("maxRowLength must be from 1 to 268435456, got -1");
    }
}
