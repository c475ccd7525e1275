package dev.millrace.parquet;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The forms of values that have no parts, by their types. */
final class Scalars {

    /**
     * Equal for equal values. What earlier versions have kept is compared with it, also by another Java: so numbers are
     * not as text, of which Java has had two forms.
     */
    static final Map<Class<?>, ValueForm> EXACT = exact();

    /** Equal for values that a file of ours keeps as the same, which has times to the microsecond. */
    static final Map<Class<?>, ValueForm> KEPT = kept();

    private Scalars() {}

    private static Map<Class<?>, ValueForm> exact() {
        Map<Class<?>, ValueForm> forms = new HashMap<>();
        ValueForm whole = (value, out) -> out.writeLong(((Number) value).longValue());
        for (Class<?> type : List.of(
                byte.class, Byte.class, short.class, Short.class, int.class, Integer.class, long.class, Long.class)) {
            forms.put(type, whole);
        }
        ValueForm fraction = (value, out) -> out.writeDouble(((Number) value).doubleValue());
        for (Class<?> type : List.of(float.class, Float.class, double.class, Double.class)) {
            forms.put(type, fraction);
        }
        ValueForm truth = (value, out) -> out.writeBoolean((Boolean) value);
        forms.put(boolean.class, truth);
        forms.put(Boolean.class, truth);
        forms.put(String.class, (value, out) -> putText((String) value, out));
        forms.put(UUID.class, (value, out) -> {
            out.writeLong(((UUID) value).getMostSignificantBits());
            out.writeLong(((UUID) value).getLeastSignificantBits());
        });
        forms.put(LocalDate.class, (value, out) -> out.writeLong(((LocalDate) value).toEpochDay()));
        forms.put(LocalTime.class, (value, out) -> out.writeLong(((LocalTime) value).toNanoOfDay()));
        forms.put(Instant.class, (value, out) -> putNanos((Instant) value, out));
        forms.put(LocalDateTime.class, (value, out) -> putNanos(utc(value), out));
        return forms;
    }

    private static Map<Class<?>, ValueForm> kept() {
        Map<Class<?>, ValueForm> forms = new HashMap<>(EXACT);
        forms.put(LocalDate.class, (value, out) -> out.writeInt(Math.toIntExact(((LocalDate) value).toEpochDay())));
        forms.put(LocalTime.class, (value, out) -> out.writeLong(((LocalTime) value).toNanoOfDay() / 1_000));
        forms.put(Instant.class, (value, out) -> out.writeLong(micros((Instant) value)));
        forms.put(LocalDateTime.class, (value, out) -> out.writeLong(micros(utc(value))));
        return forms;
    }

    private static Instant utc(Object value) {
        return ((LocalDateTime) value).toInstant(ZoneOffset.UTC);
    }

    private static void putNanos(Instant instant, DataOutputStream out) throws IOException {
        out.writeLong(instant.getEpochSecond());
        out.writeInt(instant.getNano());
    }

    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000), instant.getNano() / 1_000);
    }

    /** Its length and its bytes. */
    static void putText(String text, DataOutputStream out) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        out.writeInt(bytes.remaining());
        out.write(bytes.array(), bytes.arrayOffset(), bytes.remaining());
    }
}
