package dev.millrace.files;

import dev.millrace.json.IsoTimes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes values of one type from the text of a column. Thread-safe. */
final class Conversion {

    /** What is longer is not a number that anyone meant, and takes its time to parse. */
    private static final int MAX_DIGITS = 1_000;

    private static final Map<Class<?>, Conversion> KNOWN = known();

    private static final ClassValue<Conversion> BY_TYPE = new ClassValue<>() {
        @Override
        protected Conversion computeValue(Class<?> type) {
            return type.isEnum() ? toEnum(type) : Objects.requireNonNullElseGet(KNOWN.get(type), () -> unknown(type));
        }
    };

    private interface Parser {

        /** The value, or null, or an exception, where there is none. */
        @Nullable
        Object parse(String text);
    }

    private final String requirement;
    private final Parser parser;

    private Conversion(String requirement, Parser parser) {
        this.requirement = requirement;
        this.parser = parser;
    }

    /**
     * The conversion to a type.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Conversion to(Class<?> type) {
        return BY_TYPE.get(type);
    }

    /** The value of a text, which is not empty; null if it has none. */
    @Nullable
    Object convert(String text) {
        try {
            return parser.parse(text);
        } catch (RuntimeException notOfThisType) {
            return null;
        }
    }

    /** What a text must be, after the name of its column. */
    String requirement() {
        return requirement;
    }

    private static Conversion unknown(Class<?> type) {
        throw new IllegalArgumentException("type must be one that text converts to, got " + type.getTypeName());
    }

    private static Map<Class<?>, Conversion> known() {
        Map<Class<?>, Conversion> known = new HashMap<>();
        known.put(String.class, new Conversion("must be a text", text -> text));
        put(known, "must be true, false, 1 or 0", Conversion::toBoolean, boolean.class, Boolean.class);
        put(known, wholeNumber(Short.MIN_VALUE, Short.MAX_VALUE), stripped(Short::valueOf), short.class, Short.class);
        put(known, "must be a whole number", stripped(Integer::valueOf), int.class, Integer.class);
        put(known, "must be a whole number", stripped(Long::valueOf), long.class, Long.class);
        put(known, "must be a number", stripped(Conversion::toFloat), float.class, Float.class);
        put(known, "must be a number", stripped(Conversion::toDouble), double.class, Double.class);
        put(known, "must be a number of at most 1000 digits", stripped(Conversion::toBigDecimal), BigDecimal.class);
        put(
                known,
                "must be a whole number of at most 1000 digits",
                stripped(Conversion::toBigInteger),
                BigInteger.class);
        put(known, "must be a date such as 2025-03-26", stripped(LocalDate::parse), LocalDate.class);
        put(
                known,
                "must be a date and time such as 2025-03-26T18:08:29",
                stripped(text -> IsoTimes.local(IsoTimes.withT(text))),
                LocalDateTime.class);
        put(known, "must be a time such as 2025-03-26T18:08:29Z", stripped(IsoTimes::instant), Instant.class);
        put(known, "must be a UUID", stripped(UUID::fromString), UUID.class);
        return known;
    }

    private static void put(Map<Class<?>, Conversion> known, String requirement, Parser parser, Class<?>... types) {
        for (Class<?> type : types) {
            known.put(type, new Conversion(requirement, parser));
        }
    }

    private static String wholeNumber(long min, long max) {
        return "must be a whole number from " + min + " to " + max;
    }

    private static Parser stripped(Parser parser) {
        return text -> parser.parse(text.strip());
    }

    private static Conversion toEnum(Class<?> type) {
        Map<String, Object> constants = new HashMap<>();
        Map<String, Object> loose = new HashMap<>();
        for (Object constant : Objects.requireNonNull(type.getEnumConstants())) {
            String name = ((Enum<?>) constant).name();
            constants.put(name, constant);
            loose.merge(Columns.loose(name), constant, (one, another) -> Columns.class);
        }
        loose.values().removeIf(constant -> constant == Columns.class);
        loose.forEach(constants::putIfAbsent);
        String names = Arrays.stream(Objects.requireNonNull(type.getEnumConstants()))
                .map(constant -> ((Enum<?>) constant).name())
                .collect(Collectors.joining(", "));
        return new Conversion("must be one of " + names, stripped(text -> {
            Object constant = constants.get(text);
            return constant == null ? constants.get(Columns.loose(text)) : constant;
        }));
    }

    private static @Nullable Object toBoolean(String text) {
        return switch (Columns.loose(text)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> null;
        };
    }

    /** Java would also take 1d, 0x1p3 and NaN, and makes infinity of what is too large. */
    private static @Nullable Object toDouble(String text) {
        double number = isDecimal(text) ? Double.parseDouble(text) : Double.NaN;
        return Double.isFinite(number) ? number : null;
    }

    private static @Nullable Object toFloat(String text) {
        float number = isDecimal(text) ? Float.parseFloat(text) : Float.NaN;
        return Float.isFinite(number) ? number : null;
    }

    private static boolean isDecimal(String text) {
        return text.length() <= MAX_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9' || "+-.eE".indexOf(c) >= 0);
    }

    private static @Nullable Object toBigDecimal(String text) {
        BigDecimal number = text.length() <= MAX_DIGITS ? new BigDecimal(text) : null;
        return number != null && Math.abs((long) number.scale()) <= MAX_DIGITS ? number : null;
    }

    private static @Nullable Object toBigInteger(String text) {
        return text.length() <= MAX_DIGITS ? new BigInteger(text) : null;
    }
}
