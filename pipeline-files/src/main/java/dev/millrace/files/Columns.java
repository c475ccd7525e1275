package dev.millrace.files;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The columns of a file: how many there are and what they are called, if they have names. */
final class Columns {

    static final int NONE = -1;
    static final int AMBIGUOUS = -2;

    private final int width;
    private final List<String> names;
    private final Map<String, Integer> exact = new HashMap<>();
    private final Map<String, Integer> loose = new HashMap<>();

    private Columns(int width, List<String> names) {
        this.width = width;
        this.names = names;
    }

    static Columns unnamed(int width) {
        return new Columns(width, List.of());
    }

    /**
     * Columns of these names.
     *
     * @throws IllegalArgumentException if one is blank or occurs twice. Only the places are told: where there was no
     *     header after all, the names are data.
     */
    static Columns named(List<String> names) {
        Columns columns = new Columns(names.size(), names);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name.isEmpty()) {
                throw new IllegalArgumentException("column " + (i + 1) + " has no name");
            }
            Integer other = columns.exact.putIfAbsent(name, i);
            if (other != null) {
                throw new IllegalArgumentException(
                        "columns " + (other + 1) + " and " + (i + 1) + " have the same name");
            }
            columns.loose.merge(loose(name), i, (one, another) -> AMBIGUOUS);
        }
        return columns;
    }

    /** A name less what tells release_year, releaseYear and "Release Year" apart. */
    static String loose(String name) {
        StringBuilder letters = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '_' && c != '-' && c != ' ') {
                letters.append(c);
            }
        }
        return letters.toString().toLowerCase(Locale.ROOT);
    }

    int width() {
        return width;
    }

    boolean areNamed() {
        return !names.isEmpty();
    }

    List<String> names() {
        return names;
    }

    /** The index of the column of just that name, or {@link #NONE}. */
    int indexOf(String name) {
        return exact.getOrDefault(name, NONE);
    }

    /** The index of the column that a component of that name means, or {@link #NONE} or {@link #AMBIGUOUS}. */
    int indexFor(String component) {
        Integer index = exact.get(component);
        return index != null ? index : loose.getOrDefault(loose(component), NONE);
    }

    /** How a message calls a column. */
    String label(int index) {
        return areNamed() ? "column '" + names.get(index) + "'" : "column " + (index + 1);
    }
}
