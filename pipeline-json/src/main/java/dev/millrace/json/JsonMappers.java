package dev.millrace.json;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Instant;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.TimeZone;

/** Jackson as all formats set it up: strict where a value would silently become another one. */
final class JsonMappers {

    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(100)
            .maxStringLength(1 << 20)
            .maxNameLength(1 << 10)
            .maxNumberLength(100)
            .maxTokenCount(1_000_000)
            .build();

    /** Of a pattern that says nothing of a zone. */
    private static final JsonFormat.Value IN_UTC = JsonFormat.Value.empty().withTimeZone(TimeZone.getTimeZone("UTC"));

    private static final JsonFormat.Value STRICT = JsonFormat.Value.forLeniency(false);

    private JsonMappers() {}

    static ObjectMapper standard() {
        JsonFactory factory = new StrictJsonFactory(new JsonFactoryBuilder()
                .streamReadConstraints(LIMITS)
                .addDecorator((made, generator) -> new FiniteNumbers(generator))
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                // The JVM's table of interned text takes seconds for a million names made up by whoever sends them.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES));
        return JsonMapper.builder(factory)
                .addModule(new JavaTimeModule().setDeserializerModifier(new Times()))
                .withConfigOverride(Instant.class, override -> override.setFormat(IN_UTC))
                .withConfigOverride(Date.class, override -> override.setFormat(STRICT))
                .withConfigOverride(Calendar.class, override -> override.setFormat(STRICT))
                .withConfigOverride(GregorianCalendar.class, override -> override.setFormat(STRICT))
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(MapperFeature.BLOCK_UNSAFE_POLYMORPHIC_BASE_TYPES)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .disable(DeserializationFeature.READ_DATE_TIMESTAMPS_AS_NANOSECONDS)
                .disable(SerializationFeature.WRITE_DATE_TIMESTAMPS_AS_NANOSECONDS)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        config -> config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Integer, CoercionAction.TryConvert)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.TryConvert))
                .build();
    }
}
