package dev.millrace.json;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalQuery;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a time is read from its text: as ISO has it, or by a pattern. Dates that there are not, such as a 31st of
 * September, are refused and not moved.
 *
 * @param parser throws {@link java.time.DateTimeException}
 */
record TimeText(Function<String, ?> parser, TemporalQuery<?> query) {

    private static final Map<Class<?>, TimeText> TYPES = Map.of(
            Instant.class, new TimeText(IsoTimes::instant, Instant::from),
            OffsetDateTime.class,
                    new TimeText(
                            IsoTimes::offset, time -> ZonedDateTime.from(time).toOffsetDateTime()),
            ZonedDateTime.class, new TimeText(ZonedDateTime::parse, ZonedDateTime::from),
            LocalDateTime.class, new TimeText(IsoTimes::local, LocalDateTime::from),
            LocalDate.class, new TimeText(LocalDate::parse, LocalDate::from),
            LocalTime.class, new TimeText(LocalTime::parse, LocalTime::from),
            OffsetTime.class, new TimeText(OffsetTime::parse, OffsetTime::from),
            YearMonth.class, new TimeText(YearMonth::parse, YearMonth::from),
            MonthDay.class, new TimeText(MonthDay::parse, MonthDay::from));

    /** Of a type, unless that is read by its own means. */
    static @Nullable TimeText of(Class<?> type) {
        return TYPES.get(type);
    }

    /** By the pattern of a format, if it has one. */
    TimeText in(JsonFormat.Value format, Locale locale) {
        if (!format.hasPattern()) {
            return this;
        }
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        if (Boolean.TRUE.equals(format.getFeature(JsonFormat.Feature.ACCEPT_CASE_INSENSITIVE_VALUES))) {
            builder.parseCaseInsensitive();
        }
        DateTimeFormatter formatter = builder.appendPattern(format.getPattern())
                // "yyyy" is the year of an era, which nobody writes.
                .parseDefaulting(ChronoField.ERA, 1)
                .toFormatter(format.hasLocale() ? format.getLocale() : locale)
                .withResolverStyle(
                        Boolean.TRUE.equals(format.getLenient()) ? ResolverStyle.SMART : ResolverStyle.STRICT)
                .withZone(format.hasTimeZone() ? format.getTimeZone().toZoneId() : null);
        return new TimeText(text -> formatter.parse(text, query), query);
    }
}
