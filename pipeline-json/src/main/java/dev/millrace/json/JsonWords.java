package dev.millrace.json;

import com.fasterxml.jackson.core.JsonToken;
import org.jspecify.annotations.Nullable;

/** How messages call things. */
public final class JsonWords {

    private JsonWords() {}

    /** What kind of value a token is or begins, such as {@code a string}; otherwise what is given. */
    public static String kind(@Nullable JsonToken token, String otherwise) {
        if (token == null) {
            return otherwise;
        }
        return switch (token) {
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a number with a fraction";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            default -> otherwise;
        };
    }

    /** A name with its article. */
    public static String article(String name) {
        return (!name.isEmpty() && "aeiouAEIOU".indexOf(name.charAt(0)) >= 0 ? "an " : "a ") + name;
    }
}
