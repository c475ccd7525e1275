package dev.millrace.files;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@code Instant} from the text that a column of a CSV file may hold for one. Numbers are refused: whether
 * they are seconds, milliseconds or microseconds is anybody's guess.
 */
final class IsoInstantDeserializer extends StdScalarDeserializer<Instant> implements ContextualDeserializer {

    private static final long serialVersionUID = 1L;

    IsoInstantDeserializer() {
        super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            return (Instant) context.handleUnexpectedToken(Instant.class, parser);
        }
        Object instant = Conversion.to(Instant.class).convert(parser.getText());
        return instant == null
                ? (Instant) context.handleWeirdStringValue(Instant.class, "", "not an ISO date and time")
                : (Instant) instant;
    }

    /** Leaves a component with a pattern of its own to Jackson's deserializer. */
    @Override
    public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property)
            throws JsonMappingException {
        JsonFormat.Value format = findFormatOverrides(context, property, Instant.class);
        boolean plain =
                format == null || !(format.hasPattern() || format.getShape().isNumeric());
        return plain ? this : InstantDeserializer.INSTANT.createContextual(context, property);
    }
}
