package dev.millrace.examples.ratings;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.examples.ExampleException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

/** The titles that are rated: the first column of a CSV file, with a header line or without. */
final class Titles {

    private static final String SAMPLE = "titles.csv";
    private static final Set<String> HEADERS = Set.of("title", "movie", "movies");

    private Titles() {}

    static List<String> sample() throws IOException {
        return of(
                new InputStreamReader(Objects.requireNonNull(Titles.class.getResourceAsStream(SAMPLE), SAMPLE), UTF_8),
                SAMPLE);
    }

    static List<String> of(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new ExampleException("there is no readable file '" + file + "'");
        }
        return of(Files.newBufferedReader(file, UTF_8), file.toString());
    }

    private static List<String> of(Reader reader, String name) throws IOException {
        try (CSVParser rows = CSVParser.parse(reader, CSVFormat.RFC4180)) {
            List<String> titles = rows.stream()
                    .map(row -> row.get(0).strip())
                    .filter(title -> !title.isEmpty())
                    .toList();
            boolean hasHeader =
                    !titles.isEmpty() && HEADERS.contains(titles.get(0).toLowerCase(Locale.ROOT));
            List<String> rated = hasHeader ? titles.subList(1, titles.size()) : titles;
            if (rated.isEmpty()) {
                throw new ExampleException("there are no titles in '" + name + "'");
            }
            return rated;
        }
    }
}
