package dev.millrace.examples.ratings;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** What the table must hold, worked out without the library. */
final class IndependentJoin {

    private final Map<String, CSVRecord> films = new HashMap<>();

    private IndependentJoin(Reader catalogue) throws IOException {
        try (var rows = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(catalogue)) {
            for (CSVRecord row : rows) {
                films.putIfAbsent(row.get("title").trim().toLowerCase(Locale.ROOT), row);
            }
        }
    }

    static IndependentJoin withSample() throws IOException {
        return new IndependentJoin(new InputStreamReader(
                IndependentJoin.class.getResourceAsStream("catalogue.csv"), StandardCharsets.UTF_8));
    }

    static IndependentJoin with(Path catalogue) throws IOException {
        return new IndependentJoin(Files.newBufferedReader(catalogue));
    }

    /** A row as text, in the order of {@link RatingsTable#COLUMNS}. */
    String rowOf(Rating rating) {
        CSVRecord film = films.get(rating.movie().trim().toLowerCase(Locale.ROOT));
        Instant time = rating.timestamp().truncatedTo(ChronoUnit.MILLIS);
        return String.join(
                "|",
                rating.user(),
                time.toString(),
                rating.movie(),
                text(film, "director"),
                text(film, "country"),
                text(film, "release_year"),
                text(film, "rating"),
                minutes(film),
                text(film, "show_id"),
                Integer.toString(rating.rating()));
    }

    Set<String> rowsOf(Iterator<Rating> ratings) {
        Set<String> rows = new TreeSet<>();
        ratings.forEachRemaining(rating -> rows.add(rowOf(rating)));
        return rows;
    }

    boolean has(String title) {
        return films.containsKey(title.trim().toLowerCase(Locale.ROOT));
    }

    private static String text(@Nullable CSVRecord film, String column) {
        return film == null || film.get(column).isEmpty() ? "null" : film.get(column);
    }

    private static String minutes(@Nullable CSVRecord film) {
        List<String> words =
                film == null ? List.of() : List.of(film.get("duration").split(" ", -1));
        boolean isMinutes =
                words.size() == 1 || (words.size() == 2 && words.get(1).equals("min"));
        return isMinutes && !words.get(0).isEmpty() ? words.get(0) : "null";
    }
}
