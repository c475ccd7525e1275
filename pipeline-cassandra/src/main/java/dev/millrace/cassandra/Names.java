package dev.millrace.cassandra;

import java.util.Collection;
import java.util.Optional;

/** Names of components and columns. */
final class Names {

    private Names() {}

    /** {@code loginId} becomes {@code login_id}, {@code imdbURL} becomes {@code imdb_url}. */
    static String snakeCase(String name) {
        StringBuilder snake = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c) && i > 0 && name.charAt(i - 1) != '_') {
                boolean afterWord = !Character.isUpperCase(name.charAt(i - 1));
                boolean beforeWord = i + 1 < name.length() && Character.isLowerCase(name.charAt(i + 1));
                if (afterWord || beforeWord) {
                    snake.append('_');
                }
            }
            snake.append(Character.toLowerCase(c));
        }
        return snake.toString();
    }

    /** The candidate that was probably meant: the same but for case and underscores, or a letter or two. */
    static Optional<String> closest(String wanted, Collection<String> candidates) {
        return candidates.stream()
                .filter(candidate -> distance(bare(wanted), bare(candidate))
                        <= Math.min(2, bare(wanted).length() / 3))
                .min((a, b) -> Integer.compare(distance(bare(wanted), bare(a)), distance(bare(wanted), bare(b))));
    }

    private static String bare(String name) {
        return name.replace("_", "").toLowerCase(java.util.Locale.ROOT);
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
