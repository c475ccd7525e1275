package dev.millrace.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a JSON value, by path, requirement and kind of value. Jackson's own messages are not passed on,
 * nor are its exceptions as causes: they quote the text.
 */
final class JsonRefusals {

    private JsonRefusals() {}

    /**
     * What a message says after the place.
     *
     * @param root how paths begin
     * @param type the simple name of the type that the value should have
     */
    static String problem(IOException e, @Nullable JsonParser parser, String root, String type) {
        if (e instanceof JsonMappingException && e.getCause() instanceof JsonProcessingException within) {
            return problem(within, parser, root, type);
        }
        if (e instanceof StreamConstraintsException limit) {
            // Limits and lengths only: the one message of Jackson that holds no text of the document.
            return root + " is beyond a limit: " + limit.getOriginalMessage();
        }
        if (e instanceof JsonEOFException) {
            return "ends too early";
        }
        if (e instanceof StreamReadException syntax && !(e instanceof MismatchedInputException)) {
            // Of an element of an array the place has been told, and this column is not one of the file.
            boolean isLine = root.equals("$") && syntax.getLocation() != null;
            return isLine ? "is no JSON at column " + syntax.getLocation().getColumnNr() : root + " is no JSON";
        }
        if (!(e instanceof JsonMappingException mapping)) {
            return root + " cannot be read";
        }
        if (e instanceof UnrecognizedPropertyException) {
            // Its name is data.
            List<JsonMappingException.Reference> owner =
                    mapping.getPath().subList(0, Math.max(0, mapping.getPath().size() - 1));
            return path(owner, root) + " has a property that is not known";
        }
        String path = path(mapping.getPath(), root);
        if (e instanceof ValueInstantiationException refused) {
            Throwable cause = refused.getCause() == null ? refused : refused.getCause();
            return path + ": " + refused.getType().getRawClass().getSimpleName() + " refuses its components with "
                    + cause.getClass().getName();
        }
        if (e instanceof MismatchedInputException mismatch) {
            Class<?> wanted = mismatch.getTargetType();
            String arrived = parser == null ? "" : kind(parser.currentToken(), "");
            return path + " must be " + article(wanted == null ? type : wanted.getSimpleName())
                    + (arrived.isEmpty() ? "" : ", got " + arrived);
        }
        return path + " cannot be read";
    }

    /** The place in the value; keys of maps are data and left out. */
    private static String path(List<JsonMappingException.Reference> references, String root) {
        StringBuilder path = new StringBuilder(root);
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append('.').append(isMap(reference.getFrom()) ? "*" : reference.getFieldName());
            }
        }
        return path.toString();
    }

    private static boolean isMap(@Nullable Object from) {
        return from instanceof Map || from instanceof Class<?> type && Map.class.isAssignableFrom(type);
    }

    /** How a message calls a value that begins with a token. */
    static String kind(@Nullable JsonToken token, String otherwise) {
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
            case END_OBJECT -> "nothing";
            default -> otherwise;
        };
    }

    static String article(String name) {
        return (!name.isEmpty() && "aeiouAEIOU".indexOf(name.charAt(0)) >= 0 ? "an " : "a ") + name;
    }
}
