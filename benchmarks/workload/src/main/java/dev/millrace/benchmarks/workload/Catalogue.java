package dev.millrace.benchmarks.workload;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** The films that ratings are joined with: made up, and the same in every JVM. */
public final class Catalogue {

    private static final int SIZE = 8_790;
    private static final int UNKNOWN = 210;
    private static final List<String> FIRST = List.of(
            "The", "A", "My", "Last", "Blue", "Silent", "Broken", "Golden", "Hidden", "Long", "Old", "Wild", "Lost",
            "Red", "Cold", "Bright", "Empty", "Second", "Dark", "Slow");
    private static final List<String> SECOND = List.of(
            "River",
            "House",
            "Winter",
            "Garden",
            "Train",
            "Island",
            "Summer",
            "Letter",
            "Window",
            "Harbour",
            "Road",
            "Mountain",
            "Night",
            "Mirror",
            "Bridge",
            "Forest",
            "Song",
            "Shadow",
            "Engine",
            "Mill",
            "Clock");
    private static final List<String> THIRD = List.of(
            "",
            "of Love",
            "in Town",
            "at Dawn",
            "Again",
            "Returns",
            "for Two",
            "by the Sea",
            "of Glass",
            "of Ours",
            "Forever",
            "at War",
            "Abroad",
            "on Fire",
            "of Time",
            "and Me",
            "in Rain",
            "at Last",
            "of Stone",
            "Tonight",
            "Alone",
            "of Fools");
    private static final List<String> COUNTRIES =
            List.of("United States", "India", "France", "Japan", "Greece", "Brazil", "Kenya", "Norway");
    private static final List<String> CATEGORIES = List.of("PG", "PG-13", "R", "TV-14", "TV-MA", "TV-Y7");

    private Catalogue() {}

    /** All titles that are rated; one of 42 is no film of the catalogue. */
    public static List<String> titles() {
        return IntStream.range(0, SIZE + UNKNOWN).mapToObj(Catalogue::title).toList();
    }

    /** The films by their title, {@linkplain #normalised}. */
    public static Map<String, Movie> films() {
        Random random = new Random(1);
        Map<String, Movie> films = new HashMap<>();
        for (int i = 0; i < SIZE; i++) {
            films.put(
                    normalised(title(i)),
                    new Movie(
                            "s" + (i + 1),
                            "Director " + random.nextInt(4_000),
                            COUNTRIES.get(random.nextInt(COUNTRIES.size())),
                            1940 + random.nextInt(85),
                            CATEGORIES.get(random.nextInt(CATEGORIES.size())),
                            60 + random.nextInt(120)));
        }
        return Collections.unmodifiableMap(films);
    }

    /** The form of a title by which it is looked up. */
    public static String normalised(String title) {
        return title.trim().toLowerCase(Locale.ROOT);
    }

    private static String title(int number) {
        int first = number % FIRST.size();
        int second = number / FIRST.size() % SECOND.size();
        int third = number / (FIRST.size() * SECOND.size());
        return (FIRST.get(first) + " " + SECOND.get(second) + " " + THIRD.get(third)).trim();
    }
}
