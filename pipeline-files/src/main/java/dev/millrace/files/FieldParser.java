package dev.millrace.files;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the value of a record's component of the text of a field. */
final class FieldParser {

    private static final int MAX_DIGITS = 100;

    private static final Map<Class<?>, Format> FORMATS = Map.ofEntries(
            Map.entry(String.class, new Format("text", text -> text)),
            Map.entry(Integer.class, new Format("a whole number", Integer::valueOf)),
            Map.entry(Long.class, new Format("a whole number", Long::valueOf)),
            Map.entry(Short.class, new Format("a whole number", Short::valueOf)),
            Map.entry(Byte.class, new Format("a whole number", Byte::valueOf)),
            Map.entry(Double.class, new Format("a number", Double::valueOf)),
            Map.entry(Float.class, new Format("a number", Float::valueOf)),
            Map.entry(BigDecimal.class, new Format("a number", text -> new BigDecimal(bounded(text)))),
            Map.entry(BigInteger.class, new Format("a whole number", text -> new BigInteger(bounded(text)))),
            Map.entry(Boolean.class, new Format("true or false", FieldParser::booleanOf)),
            Map.entry(LocalDate.class, new Format("a date such as 2025-03-25", LocalDate::parse)),
            Map.entry(LocalDateTime.class, new Format("a time such as 2025-03-25T09:53:42", LocalDateTime::parse)),
            Map.entry(Instant.class, new Format("an instant such as 2025-03-25T09:53:42Z", Instant::parse)));

    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            int.class, Integer.class,
            long.class, Long.class,
            short.class, Short.class,
            byte.class, Byte.class,
            double.class, Double.class,
            float.class, Float.class,
            boolean.class, Boolean.class);

    private final Format format;
    private final boolean isPrimitive;

    private FieldParser(Format format, boolean isPrimitive) {
        this.format = format;
        this.isPrimitive = isPrimitive;
    }

    /** What a field must be, and what makes a value of it. */
    private record Format(String requirement, Function<String, Object> parser) {}

    static FieldParser of(RecordComponent component) {
        Class<?> type = component.getType();
        Class<?> boxed = BOXES.getOrDefault(type, type);
        Format format = type.isEnum() ? enumFormat(type) : FORMATS.get(boxed);
        if (format == null) {
            throw new IllegalArgumentException("component '" + component.getName() + "' of "
                    + component.getDeclaringRecord().getName() + " must be of a type that a CSV field can be, it is "
                    + type.getName());
        }
        return new FieldParser(format, type.isPrimitive());
    }

    @Nullable
    Object parse(CsvRow row, String text, String component) {
        if (text.isEmpty() && !isPrimitive) {
            return null;
        }
        try {
            return format.parser.apply(text.isEmpty() || format.requirement.equals("text") ? text : text.strip());
        } catch (RuntimeException malformed) {
            // The cause quotes the field, which is payload.
            throw row.refused("must have " + format.requirement + " as '" + component + "'", null);
        }
    }

    private static Format enumFormat(Class<?> type) {
        return new Format(
                "one of " + Arrays.toString(type.getEnumConstants()),
                text -> Arrays.stream(type.getEnumConstants())
                        .filter(constant -> ((Enum<?>) constant).name().equals(text))
                        .findFirst()
                        .orElseThrow());
    }

    private static Boolean booleanOf(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    private static String bounded(String text) {
        if (text.length() > MAX_DIGITS) {
            throw new IllegalArgumentException("too many digits");
        }
        return text;
    }
}
