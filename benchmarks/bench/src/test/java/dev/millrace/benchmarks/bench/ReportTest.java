package dev.millrace.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportTest {

    private final ContenderJvm jvm = new ContenderJvm(Path.of("none"), List.of());

    private String page(String former, Section... measured) throws IOException {
        return page(former, "benchmarks/run", measured);
    }

    private String page(String former, String command, Section... measured) throws IOException {
        return new Report(List.of(measured), jvm).page(former, command);
    }

    private static Section section(Chapter chapter, String text) {
        return new Section(chapter, text, Map.of(), Set.of());
    }

    @Test
    void shouldReplaceOnlyThePartsThatAreMeasuredAgainAndKeepTheirOrder() throws Exception {
        String former =
                page("", section(Chapter.GROWTH, "first\n\n### Within\n\nmore\n"), section(Chapter.NO_SINK, "stale"));

        String page = page(
                former,
                "benchmarks/run --later",
                section(Chapter.NO_SINK, "new"),
                section(Chapter.KEYED, "![plot](plot.svg)"));

        assertThat(page)
                .containsSubsequence("# Performance", "## No sink", "new", "By `benchmarks/run --later` on ")
                .containsSubsequence("## Work on many keys", "](performance/plot.svg)", "run --later")
                .containsSubsequence("## Growth", "first", "### Within", "more", "By `benchmarks/run` on ")
                .doesNotContain("stale");
        assertThat(page.lines().filter(line -> line.startsWith("## ")))
                .containsExactly("## No sink: rows are counted", "## Work on many keys at once", "## Growth");
    }

    @Test
    void shouldBeTheSamePageWhereNothingIsMeasured() throws Exception {
        String page = page("", section(Chapter.LATENCY, "first"), section(Chapter.PARTS, "second"));

        assertThat(page(page)).isEqualTo(page);
    }

    @Test
    void shouldLeaveOutWhatIsNoPartOfThePage() throws Exception {
        assertThat(page("# Old\n\n## Versions\n\n- some\n\n## Growth\n\nkept\n\n## "))
                .contains("## Growth\n\nkept\n")
                .doesNotContain("Versions");
    }
}
