package dev.millrace.json;

import com.ethlo.time.DateTime;
import com.ethlo.time.Field;
import com.ethlo.time.ITU;
import com.ethlo.time.ParseConfig;
import com.ethlo.time.TimezoneOffset;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * ISO dates with times. The JDK says what is one. What nearly everybody writes, {@code 2025-03-25T09:53:42} with up to
 * nine digits of fraction and perhaps an offset, is read without it: its formatter takes ten times as long, which is
 * more than all the rest of reading a small record.
 */
public final class IsoTimes {

    private static final ParseConfig AS_ISO = ParseConfig.STRICT;
    private static final ParseConfig OR_WITH_A_SPACE = AS_ISO.withDateTimeSeparators('T', ' ');
    private static final int DATE_LENGTH = 10;

    private static final DateTimeFormatter WITH_OFFSET_OR_WITHOUT = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .optionalStart()
            .parseLenient()
            .appendOffsetId()
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    private IsoTimes() {}

    /**
     * As {@link LocalDateTime#parse(CharSequence)}.
     *
     * @throws DateTimeException if there is none
     */
    public static LocalDateTime local(String text) {
        DateTime time = read(text, AS_ISO);
        return time == null || time.getOffset().isPresent() ? LocalDateTime.parse(text) : time.toLocalDatetime();
    }

    /** As {@link OffsetDateTime#parse(CharSequence)}. */
    static OffsetDateTime offset(String text) {
        DateTime time = read(text, AS_ISO);
        return time == null || time.getOffset().isEmpty() ? OffsetDateTime.parse(text) : time.toOffsetDatetime();
    }

    /**
     * As one of the two others, in UTC where no offset is given; a space will do between date and time.
     *
     * @throws DateTimeException if there is none
     */
    public static Instant instant(String text) {
        DateTime time = read(text, OR_WITH_A_SPACE);
        if (time == null) {
            return instantByFormatter(text);
        }
        ZoneOffset offset = time.getOffset().map(TimezoneOffset::toZoneOffset).orElse(ZoneOffset.UTC);
        return time.toLocalDatetime().toInstant(offset);
    }

    /** The text with a {@code T} between date and time, where it has a space. */
    public static String withT(String text) {
        boolean hasSpace = text.length() > DATE_LENGTH && text.charAt(DATE_LENGTH) == ' ';
        return hasSpace ? text.substring(0, DATE_LENGTH) + 'T' + text.substring(DATE_LENGTH + 1) : text;
    }

    /** What is in the usual form, or {@code null}. */
    private static @Nullable DateTime read(String text, ParseConfig form) {
        try {
            DateTime time = ITU.parseLenient(text, form);
            return time.includesGranularity(Field.MINUTE) ? time : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Instant instantByFormatter(String text) {
        TemporalAccessor time =
                WITH_OFFSET_OR_WITHOUT.parseBest(withT(text), OffsetDateTime::from, LocalDateTime::from);
        return time instanceof OffsetDateTime zoned
                ? zoned.toInstant()
                : ((LocalDateTime) time).toInstant(ZoneOffset.UTC);
    }
}
