package dev.millrace.kafka;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with a JSON document by place, requirement and kind of value. Jackson's own messages are never
 * passed on, nor are its exceptions as causes: they quote the document.
 */
final class JsonRefusals {

    private final String type;

    JsonRefusals(JavaType type) {
        this.type = simpleName(type);
    }

    RefusedRecordException because(String reason) {
        return new RefusedRecordException("not a JSON " + type + ": " + reason);
    }

    RefusedRecordException because(String reason, @Nullable JsonLocation location) {
        return because(reason + at(location));
    }

    RefusedRecordException of(IOException e, @Nullable JsonParser parser) {
        if (e instanceof StreamConstraintsException constraint) {
            // Limits and lengths only; the one message of Jackson that holds no text of the document.
            return because("beyond a limit: " + constraint.getOriginalMessage());
        }
        JsonLocation location = e instanceof JsonProcessingException json ? json.getLocation() : null;
        if (e.getCause() instanceof StreamConstraintsException constraint) {
            return because("beyond a limit: " + constraint.getOriginalMessage());
        }
        if (e instanceof JsonEOFException) {
            return because("it ends too early", location);
        }
        if (e instanceof StreamReadException) {
            return because(
                    isDuplicate(e) ? "an object has the same property twice" : "it is not well-formed", location);
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            String owner = unknown.getReferringClass() == null
                    ? type
                    : unknown.getReferringClass().getSimpleName();
            return because("a property that " + owner + " does not know", location);
        }
        if (e instanceof ValueInstantiationException refused) {
            Throwable cause = refused.getCause();
            return because(
                    path(refused) + ": " + simpleName(refused.getType()) + " refuses its components with "
                            + (cause == null ? refused : cause).getClass().getName(),
                    location);
        }
        if (e instanceof MismatchedInputException mismatch) {
            Class<?> wanted = mismatch.getTargetType();
            return because(
                    path(mismatch) + " must be " + (wanted == null ? type : article(wanted)) + arrived(parser),
                    location);
        }
        if (e instanceof JsonMappingException mapping) {
            return because(path(mapping) + " cannot be read", location);
        }
        return because("it cannot be read", location);
    }

    /** The place in the document; keys of maps are data and left out. */
    static String path(JsonProcessingException e) {
        if (!(e instanceof JsonMappingException mapping)) {
            return "$";
        }
        StringBuilder path = new StringBuilder("$");
        List<JsonMappingException.Reference> references = mapping.getPath();
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

    private static boolean isDuplicate(IOException e) {
        return e.getMessage() != null && e.getMessage().startsWith("Duplicate field");
    }

    private static String arrived(@Nullable JsonParser parser) {
        JsonToken token = parser == null ? null : parser.currentToken();
        if (token == null) {
            return "";
        }
        return switch (token) {
            case VALUE_STRING -> ", got a string";
            case VALUE_NUMBER_INT -> ", got an integer";
            case VALUE_NUMBER_FLOAT -> ", got a number with a fraction";
            case VALUE_TRUE, VALUE_FALSE -> ", got a boolean";
            case VALUE_NULL -> ", got null";
            case START_ARRAY -> ", got an array";
            case START_OBJECT -> ", got an object";
            case END_OBJECT -> ", and is absent";
            default -> "";
        };
    }

    private static String at(@Nullable JsonLocation location) {
        return location == null || location.getLineNr() < 1
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static String article(Class<?> type) {
        String name = type.getSimpleName();
        return (!name.isEmpty() && "aeiouAEIOU".indexOf(name.charAt(0)) >= 0 ? "an " : "a ") + name;
    }

    private static String simpleName(@Nullable JavaType type) {
        return type == null ? "value" : type.getRawClass().getSimpleName();
    }
}
