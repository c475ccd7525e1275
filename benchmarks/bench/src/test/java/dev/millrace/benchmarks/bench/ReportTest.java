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

    private static Section section(String heading, String text) {
        return new Section(heading, text, Map.of(), Set.of());
    }

    @Test
    void shouldReplaceOnlyThePartsThatAreMeasuredAgain() throws Exception {
        String former = page("", section("One", "first\n\n### Within\n\nmore\n"), section("Two", "stale"));

        String page =
                page(former, "benchmarks/run --later", section("Two", "new"), section("Three", "![plot](plot.svg)"));

        assertThat(page)
                .containsSubsequence("# Performance", "## One", "first", "### Within", "more", "By `benchmarks/run` on ")
                .containsSubsequence("By `benchmarks/run` on ", "## Two", "new", "By `benchmarks/run --later` on ");
        assertThat(page).contains("](performance/plot.svg)").doesNotContain("stale");
        assertThat(page.split("## Three")).hasSize(2);
    }

    @Test
    void shouldBeTheSamePageWhereNothingIsMeasured() throws Exception {
        String page = page("", section("One", "first"), section("Two", "second"));

        assertThat(page(page)).isEqualTo(page);
    }
}
