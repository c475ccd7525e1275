package dev.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FileNamesTest {

    @Test
    void shouldBeReadableWhenNamesArePlain() {
        assertThat(FileNames.of("movie-ratings", "counts_2")).isEqualTo("movie-ratings~counts_2.states");
    }

    @Test
    void shouldNeverClashNorLeaveTheDirectoryWhateverTheNames() {
        List<String> names = List.of(
                "a",
                "A",
                "b",
                "a~b",
                "a%7eb",
                "a%",
                "%",
                ".",
                "..",
                "../a",
                "/a",
                "a/b",
                "a\\b",
                "a:b",
                "a b",
                "a\0",
                "con",
                "ä",
                "Ä",
                "ae",
                "\u0141",
                "%u0141",
                "\ud83d\ude00",
                "\ud83d",
                "?",
                "x".repeat(80),
                "x".repeat(81),
                "x".repeat(82),
                "x".repeat(10_000),
                "X".repeat(10_000),
                "x".repeat(40) + "%%",
                "state",
                "a.states");
        Set<String> files = new HashSet<>();
        for (String pipeline : names) {
            for (String stage : names) {
                String file = FileNames.of(pipeline, stage);
                assertThat(file).matches("[a-z0-9_%-]+~[a-z0-9_%-]+\\.states").hasSizeLessThan(200);
                files.add(file.toLowerCase(Locale.ROOT));
            }
        }
        assertThat(files).hasSize(names.size() * names.size());
    }
}
