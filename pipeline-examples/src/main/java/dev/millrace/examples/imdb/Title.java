package dev.millrace.examples.imdb;

import dev.millrace.files.CsvRow;
import org.jspecify.annotations.Nullable;

/** What is taken of a row of {@code title.basics.tsv.gz}, and the line that it is in. */
record Title(
        long line,
        String tconst,
        String titleType,
        String primaryTitle,
        @Nullable Integer startYear,
        @Nullable Integer runtimeMinutes,
        @Nullable String genres) {

    static Title of(CsvRow row) {
        return new Title(
                row.line(),
                row.get("tconst"),
                row.get("titleType"),
                row.get("primaryTitle"),
                row.get("startYear", Integer.class),
                row.get("runtimeMinutes", Integer.class),
                row.get("genres", String.class));
    }

    boolean isMovie() {
        return titleType.equals("movie");
    }
}
