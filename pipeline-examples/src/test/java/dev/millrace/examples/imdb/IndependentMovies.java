package dev.millrace.examples.imdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** What the pipeline should come to, worked out without the library. */
final class IndependentMovies {

    /**
     * Of each rated movie the columns of its title, and behind them its rating and its votes, in the order of the file.
     */
    private final Map<String, String[]> movies = new LinkedHashMap<>();

    static IndependentMovies of(TitleFiles files) throws IOException {
        Map<String, String[]> ratings = new HashMap<>();
        rows(files.ratings(), 3).forEach(row -> ratings.put(row[0], row));
        IndependentMovies all = new IndependentMovies();
        for (String[] title : rows(files.basics(), 9)) {
            String[] rating = ratings.get(title[0]);
            if (title[1].equals("movie") && rating != null) {
                String[] movie = new String[11];
                System.arraycopy(title, 0, movie, 0, 9);
                movie[9] = rating[1];
                movie[10] = rating[2];
                all.movies.put(title[0], movie);
            }
        }
        return all;
    }

    /** Those that are whole. */
    private static List<String[]> rows(Path file, int columns) throws IOException {
        List<String[]> rows = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), UTF_8))) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] row = line.split("\t", -1);
                if (row.length == columns) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    List<String> ids() {
        return List.copyOf(movies.keySet());
    }

    String title(String id) {
        return column(id, 2);
    }

    String column(String id, int index) {
        String[] movie = movies.get(id);
        if (movie == null) {
            throw new AssertionError("there is no movie " + id);
        }
        return movie[index];
    }

    /** As the system's description has it: v/(v+m)·R + m/(v+m)·C. */
    double score(String id, double m, double c) {
        double r = Double.parseDouble(column(id, 9));
        double v = Double.parseDouble(column(id, 10));
        return v / (v + m) * r + m / (v + m) * c;
    }

    Map<String, Long> genreCounts() {
        Map<String, Long> counts = new TreeMap<>();
        for (String id : movies.keySet()) {
            for (String genre : column(id, 8).split(",", -1)) {
                if (!genre.equals("\\N")) {
                    counts.merge(genre, 1L, Long::sum);
                }
            }
        }
        return counts;
    }
}
