package dev.millrace.parquet;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file of appended rows: where the records come from, of a first offset to a last one.
 *
 * @param partition as it is in names of files
 */
record PartName(String partition, long first, long last) {

    private static final Pattern FORM = Pattern.compile("(.+)-(\\d{1,19})-(\\d{1,19})(?:\\+\\d+)?\\.parquet");
    private static final int LONGEST = 100;

    /** A name, if it is such a one. */
    static Optional<PartName> parse(String name) {
        Matcher matcher = FORM.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new PartName(matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A partition's name as part of a file's: what a file system may take otherwise as hexadecimal bytes. */
    static String escaped(String partition) {
        StringBuilder escaped = new StringBuilder();
        for (byte each : partition.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (each & 0xff);
            boolean isPlain =
                    character < 128 && (Character.isLetterOrDigit(character) || "._-".indexOf(character) >= 0);
            if (isPlain && !(character == '.' && escaped.length() == 0)) {
                escaped.append(character);
            } else {
                escaped.append(String.format(Locale.ROOT, "%%%02x", (int) character));
            }
        }
        // A name of 255 bytes is the longest that file systems take.
        return escaped.length() <= LONGEST
                ? escaped.toString()
                : escaped.substring(0, LONGEST) + "~" + Integer.toHexString(partition.hashCode());
    }

    boolean overlaps(PartName other) {
        return partition.equals(other.partition) && first <= other.last && other.first <= last;
    }

    /**
     * A name for the file.
     *
     * @param number 0, or more if the names before are taken
     */
    String file(int number) {
        return partition + "-" + first + "-" + last + (number == 0 ? "" : "+" + number) + ".parquet";
    }
}
