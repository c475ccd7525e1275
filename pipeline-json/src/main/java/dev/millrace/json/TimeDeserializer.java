package dev.millrace.json;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a time from text. Numbers are refused, for whether they are seconds, milliseconds or microseconds is anybody's
 * guess, unless the format of a property asks for one; then only the kind that is written for it is read, by Jackson.
 */
final class TimeDeserializer extends JsonDeserializer<Object> implements ContextualDeserializer {

    /** What Jackson takes for milliseconds in text too. */
    private static final Pattern DIGITS = Pattern.compile("-?[0-9]+");

    private final JavaType type;
    private final JsonToken kind;
    private final boolean hasPattern;
    private final @Nullable TimeText text;
    private final JsonDeserializer<?> jackson;

    /**
     * Instead of Jackson's.
     *
     * @param text null to have text read by Jackson too
     */
    TimeDeserializer(JavaType type, @Nullable TimeText text, JsonDeserializer<?> jackson) {
        this(type, JsonToken.VALUE_STRING, false, text, jackson);
    }

    private TimeDeserializer(
            JavaType type, JsonToken kind, boolean hasPattern, @Nullable TimeText text, JsonDeserializer<?> jackson) {
        this.type = type;
        this.kind = kind;
        this.hasPattern = hasPattern;
        this.text = text;
        this.jackson = jackson;
    }

    @Override
    public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property)
            throws JsonMappingException {
        JsonFormat.Value format = property == null
                ? context.getDefaultPropertyFormat(type.getRawClass())
                : property.findPropertyFormat(context.getConfig(), type.getRawClass());
        return new TimeDeserializer(
                type,
                kindOf(format.getShape()),
                format.hasPattern(),
                text == null ? null : text.in(format, context.getLocale()),
                context.handleSecondaryContextualization(jackson, property, type));
    }

    private static JsonToken kindOf(JsonFormat.Shape shape) {
        return switch (shape) {
            case NUMBER, NUMBER_INT -> JsonToken.VALUE_NUMBER_INT;
            case NUMBER_FLOAT -> JsonToken.VALUE_NUMBER_FLOAT;
            case ARRAY -> JsonToken.START_ARRAY;
            default -> JsonToken.VALUE_STRING;
        };
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (!parser.hasToken(kind)) {
            return context.handleUnexpectedToken(type, parser);
        }
        if (kind != JsonToken.VALUE_STRING) {
            return jackson.deserialize(parser, context);
        }
        if (text == null) {
            boolean isNumber = !hasPattern && DIGITS.matcher(parser.getText()).matches();
            return isNumber ? refused(context) : jackson.deserialize(parser, context);
        }
        try {
            return text.parser().apply(parser.getText());
        } catch (DateTimeException e) {
            return refused(context);
        }
    }

    private @Nullable Object refused(DeserializationContext context) throws IOException {
        return context.handleWeirdStringValue(type.getRawClass(), "", "no such time");
    }

    @Override
    public Class<?> handledType() {
        return type.getRawClass();
    }

    @Override
    public LogicalType logicalType() {
        return LogicalType.DateTime;
    }
}
