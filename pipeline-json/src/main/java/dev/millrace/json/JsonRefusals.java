package dev.millrace.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import dev.millrace.json.FiniteNumbers.NotFiniteException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts into words what Jackson throws. Its own messages are never passed on: they quote the text. */
final class JsonRefusals {

    private final String type;
    private final KnownProperties known;

    /** Refusals of values that should be of a type of that name. */
    JsonRefusals(String type, KnownProperties known) {
        this.type = type;
        this.known = known;
    }

    JsonRefusedException because(String problem, @Nullable JsonLocation location) {
        return location == null || location.getLineNr() < 1
                ? new JsonRefusedException(problem, 0, 0)
                : new JsonRefusedException(problem, location.getLineNr(), Math.max(0, location.getColumnNr()));
    }

    JsonRefusedException mustBe(String arrived, @Nullable JsonLocation location) {
        return because(" must be " + JsonWords.article(type) + ", got " + arrived, location);
    }

    /** Why a value could not be read. */
    JsonRefusedException of(IOException e, @Nullable JsonParser parser) {
        if (e instanceof JsonMappingException mapping && e.getCause() instanceof JsonProcessingException within) {
            return within instanceof InputCoercionException range
                    ? because(path(mapping.getPath()) + range(range), range.getLocation())
                    : of(within, parser);
        }
        JsonLocation location = e instanceof JsonProcessingException json ? json.getLocation() : null;
        return because(problem(e, parser == null ? null : parser.currentToken()), location);
    }

    private String problem(IOException e, @Nullable JsonToken token) {
        if (e instanceof StreamConstraintsException limit) {
            // Limits and lengths only: the one message of Jackson that holds no text of the document.
            return " is beyond a limit: " + limit.getOriginalMessage();
        }
        if (e instanceof JsonEOFException) {
            return " ends too early";
        }
        if (e instanceof MismatchedInputException mismatch) {
            return mismatch(mismatch, token);
        }
        if (e instanceof InputCoercionException range) {
            return range(range);
        }
        if (e instanceof ValueInstantiationException refused) {
            Throwable cause = refused.getCause() == null ? refused : refused.getCause();
            return path(refused.getPath()) + ": " + simpleName(refused.getType()) + " refuses its components with "
                    + cause.getClass().getName();
        }
        if (e instanceof StreamReadException) {
            return isDuplicate(e) ? " has an object with the same property twice" : " is no JSON";
        }
        return e instanceof JsonMappingException mapping
                ? path(mapping.getPath()) + " cannot be read"
                : " cannot be read";
    }

    private String mismatch(MismatchedInputException e, @Nullable JsonToken token) {
        List<JsonMappingException.Reference> references = e.getPath();
        if (e instanceof UnrecognizedPropertyException unknown) {
            // Its name is data.
            Class<?> owner = unknown.getReferringClass();
            return path(references.subList(0, Math.max(0, references.size() - 1))) + " has a property that "
                    + (owner == null ? type : owner.getSimpleName()) + " does not know";
        }
        Class<?> wanted = e.getTargetType();
        String kind = JsonWords.kind(token, "");
        String arrived = kind.isEmpty() ? "" : ", got " + kind;
        return path(references) + " must be " + JsonWords.article(wanted == null ? type : wanted.getSimpleName())
                + (token == JsonToken.END_OBJECT ? ", and is absent" : arrived);
    }

    private String range(InputCoercionException e) {
        Class<?> wanted = e.getTargetType();
        if (wanted == BigDecimal.class) {
            return " must be a number of at most " + StrictNumbers.MOST_DIGITS + " digits";
        }
        return " must be in the range of " + (wanted == null ? type : wanted.getSimpleName());
    }

    /** Why a value could not be written. */
    JsonRefusedException ofWriting(JsonProcessingException e) {
        String path = e instanceof JsonMappingException mapping ? path(mapping.getPath()) : "";
        if (e instanceof NotFiniteException || e.getCause() instanceof NotFiniteException) {
            return because(path + " must be a finite number", null);
        }
        return because(path + " fails with " + e.getClass().getSimpleName(), null);
    }

    /** Where in the value, after what it begins with; names that whoever sent it made up are data and left out. */
    private String path(List<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append('.')
                        .append(
                                known.contain(reference.getFrom(), reference.getFieldName())
                                        ? reference.getFieldName()
                                        : "*");
            }
        }
        return path.toString();
    }

    private static boolean isDuplicate(IOException e) {
        return e.getMessage() != null && e.getMessage().startsWith("Duplicate field");
    }

    private static String simpleName(@Nullable JavaType type) {
        return type == null ? "value" : type.getRawClass().getSimpleName();
    }
}
