package dev.millrace.examples.ratings;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A row of the catalogue. */
public record Movie(
        String showId,
        String title,
        @Nullable String director,
        @Nullable String country,
        @Nullable Integer releaseYear,
        @Nullable String rating,
        @Nullable String duration) {

    private static final Pattern MINUTES = Pattern.compile("(\\d{1,5})(?: min)?");

    /** The form of a title by which it is looked up. */
    public static String normalise(String title) {
        return title.trim().toLowerCase(Locale.ROOT);
    }

    /** The duration in minutes, where it is one: a series has seasons instead. */
    public @Nullable Integer minutes() {
        Matcher minutes = MINUTES.matcher(duration == null ? "" : duration.trim());
        return minutes.matches() ? Integer.valueOf(minutes.group(1)) : null;
    }
}
