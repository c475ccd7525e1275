package dev.millrace.examples.imdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;

/**
 * Makes titles up, in two files just as IMDb has them: among movies other kinds, titles that nobody has rated, and
 * gaps.
 */
final class SampleTitles {

    static final int TITLES = 1_000;

    private static final long SEED = 5;
    private static final List<String> GENRES = List.of(
            "Action",
            "Adventure",
            "Animation",
            "Biography",
            "Comedy",
            "Crime",
            "Documentary",
            "Drama",
            "Family",
            "Fantasy",
            "History",
            "Horror",
            "Musical",
            "Mystery",
            "Romance",
            "Sci-Fi",
            "Thriller",
            "War",
            "Western");
    private static final List<String> KINDS = List.of("movie", "movie", "movie", "short", "tvSeries");
    private static final List<String> FIRST =
            List.of("The Silent", "A Distant", "Midnight", "The Last", "Her Second", "\"Golden\"", "Lost", "Été à");
    private static final List<String> SECOND =
            List.of("Harbour", "Orchard", "Train", "Letter", "Winter", "Lighthouse", "Parade", "Garden", "Promise");

    private static final String BASICS =
            "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n";
    private static final String RATINGS = "tconst\taverageRating\tnumVotes\n";

    private SampleTitles() {}

    /** Writes both files, the same each time. */
    static TitleFiles write(Path directory) throws IOException {
        TitleFiles files =
                new TitleFiles(directory.resolve("title.basics.tsv.gz"), directory.resolve("title.ratings.tsv.gz"));
        Random random = new Random(SEED);
        try (Writer basics = packed(files.basics());
                Writer ratings = packed(files.ratings())) {
            basics.write(BASICS);
            ratings.write(RATINGS);
            int number = 0;
            for (int i = 0; i < TITLES; i++) {
                number += 1 + random.nextInt(3);
                String tconst = String.format(Locale.ROOT, "tt%07d", number);
                basics.write(title(tconst, random));
                if (random.nextInt(10) > 0) {
                    ratings.write(rating(tconst, random));
                }
            }
        }
        return files;
    }

    private static Writer packed(Path file) throws IOException {
        return new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), UTF_8);
    }

    private static String title(String tconst, Random random) {
        String title = any(FIRST, random) + " " + any(SECOND, random);
        TreeSet<String> genres = new TreeSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            genres.add(any(GENRES, random));
        }
        String year = random.nextInt(20) == 0 ? "\\N" : String.valueOf(1920 + random.nextInt(100));
        String runtime = random.nextInt(8) == 0 ? "\\N" : String.valueOf(60 + random.nextInt(120));
        return String.join(
                        "\t",
                        tconst,
                        any(KINDS, random),
                        title,
                        title,
                        "0",
                        year,
                        "\\N",
                        runtime,
                        genres.isEmpty() ? "\\N" : String.join(",", genres))
                + "\n";
    }

    /** Most have few votes, and few have most of them. */
    private static String rating(String tconst, Random random) {
        long votes = Math.round(5 * Math.exp(random.nextDouble() * 12));
        return String.format(Locale.ROOT, "%s\t%.1f\t%d\n", tconst, 1 + random.nextDouble() * 9, votes);
    }

    private static String any(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }
}
