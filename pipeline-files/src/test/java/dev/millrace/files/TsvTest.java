package dev.millrace.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TsvTest {

    record Title(
            String tconst,
            String titleType,
            String primaryTitle,
            String originalTitle,
            boolean isAdult,
            @Nullable Integer startYear,
            Optional<Integer> endYear,
            @Nullable Integer runtimeMinutes,
            @Nullable String genres) {}

    record Score(String tconst, double averageRating, int numVotes) {}

    record Pair(@Nullable String a, @Nullable String b) {}

    private static CsvSource<Pair> pairs(String content) {
        return Csv.stream("pairs.tsv", () -> new ByteArrayInputStream(content.getBytes(UTF_8)), Pair.class);
    }

    @Test
    void shouldTakeQuotesAsTheyStandWhenTabSeparated() throws Exception {
        Reading<Pair> reading = Reading.of(
                pairs("a\tb\n\"x\ty\"\n\"\tz, \"\"\n\\N\t\"\"\n\\N \t\n").tabSeparated());

        assertThat(reading.values())
                .containsExactly(
                        new Pair("\"x", "y\""),
                        new Pair("\"", "z, \"\""),
                        new Pair(null, "\"\""),
                        new Pair("\\N ", null));
        assertThat(reading.refused()).isEmpty();
    }

    @Test
    void shouldRefuseJustTheRowByItsLineWhenColumnsAreMissing() throws Exception {
        Reading<Pair> reading =
                Reading.of(pairs("a\tb\n1\t2\n\n\"3\n4\t5\t6\n\"7\t8\n9").tabSeparated());

        assertThat(reading.values()).containsExactly(new Pair("1", "2"), new Pair("\"7", "8"));
        assertThat(reading.reasons())
                .containsExactly(
                        "pairs.tsv line 4: has 1 columns, must have 2",
                        "pairs.tsv line 5: has 3 columns, must have 2",
                        "pairs.tsv line 7: has 1 columns, must have 2");
    }

    @Test
    void shouldRefuseJustTheRowWhenItIsTooLongThoughQuotesStandInIt() throws Exception {
        String text = "a\tb\n\"" + "x".repeat(100) + "\t1\n\"" + "y".repeat(20) + "\t2\n\"3\t4\n";

        Reading<Pair> reading = Reading.of(pairs(text).tabSeparated().maxRowLength(30));

        assertThat(reading.reasons()).containsExactly("pairs.tsv line 2: is longer than 30 characters");
        assertThat(reading.values()).containsExactly(new Pair("\"" + "y".repeat(20), "2"), new Pair("\"3", "4"));
    }

    @Test
    void shouldTellAnEmptyTextFromNoneWhenItIsInQuotes() throws Exception {
        assertThat(Reading.of(pairs("a,b\n\"\",\n,\"\"\n")).values())
                .containsExactly(new Pair("", null), new Pair(null, ""));
        assertThat(Reading.of(pairs("a,b\nNA,\"\"\n").absent("NA")).values()).containsExactly(new Pair(null, ""));
    }

    @Test
    void shouldReadTheRealFilesAndRefuseTheirLastRowWhichIsCutShort() throws Exception {
        Reading<Title> titles = Reading.of(Csv.source(SharedData.at("imdb/title.basics.sample.tsv.gz"), Title.class)
                .tabSeparated());
        Reading<Score> scores = Reading.of(Csv.source(SharedData.at("imdb/title.ratings.sample.tsv.gz"), Score.class)
                .tabSeparated());

        assertThat(titles.values().size()).isEqualTo(29_885);
        assertThat(titles.reasons())
                .containsExactly("title.basics.sample.tsv.gz line 29887: has 2 columns, must have 9");
        assertThat(titles.values().get(0))
                .isEqualTo(new Title(
                        "tt0000001",
                        "short",
                        "Carmencita",
                        "Carmencita",
                        false,
                        1894,
                        Optional.empty(),
                        1,
                        "Documentary,Short"));
        assertThat(titles.values().stream().filter(title -> "\\N".equals(title.genres())))
                .isEmpty();
        assertThat(scores.values().size()).isEqualTo(132_011);
        assertThat(scores.reasons())
                .containsExactly("title.ratings.sample.tsv.gz line 132013: has 1 columns, must have 3");
    }

    @Test
    void shouldMakeATableWhenAskedForOne() throws Exception {
        CsvSource<Pair> rows = pairs("a\tb\n\"x\ty\n").tabSeparated();

        assertThat(CsvTable.of(rows).keyedBy(Pair::a).open(TestContext.CONTEXT).get("\"x"))
                .isEqualTo(Optional.of(new Pair("\"x", "y")));
        assertThat(List.of(rows.toString())).containsExactly("CsvSource[pairs.tsv]");
    }
}
