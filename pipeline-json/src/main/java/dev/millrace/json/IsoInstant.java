package dev.millrace.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;

/**
 * ISO date and time as an instant, in UTC where no offset is given. The usual form, {@code 2025-03-25T09:53:42} with up
 * to nine digits of fraction and perhaps a {@code Z}, is read by hand: a formatter takes ten times as long, which is
 * more than all the rest of reading a small record.
 */
public final class IsoInstant {

    private static final int SECONDS_END = 19;

    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .optionalStart()
            .appendOffsetId()
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    private IsoInstant() {}

    /**
     * The instant.
     *
     * @throws DateTimeException if there is none
     */
    public static Instant parse(String text) {
        int length = text.length();
        if (length > 10 && text.charAt(10) == ' ') {
            text = text.substring(0, 10) + 'T' + text.substring(11);
        }
        if (length < SECONDS_END
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':') {
            return byFormatter(text);
        }
        int end = text.charAt(length - 1) == 'Z' ? length - 1 : length;
        int nanos = 0;
        if (end > SECONDS_END) {
            int digits = end - SECONDS_END - 1;
            if (text.charAt(SECONDS_END) != '.' || digits < 1 || digits > 9) {
                return byFormatter(text);
            }
            nanos = number(text, SECONDS_END + 1, end);
            for (int i = digits; i < 9 && nanos > 0; i++) {
                nanos *= 10;
            }
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, SECONDS_END);
        if ((year | month | day | hour | minute | second | nanos) < 0 || hour > 23 || minute > 59 || second > 59) {
            return byFormatter(text);
        }
        long epochDay = LocalDate.of(year, month, day).toEpochDay();
        return Instant.ofEpochSecond(epochDay * 86_400L + hour * 3_600L + minute * 60L + second, nanos);
    }

    /** The digits from one index to another as a number, negative if something else is among them. */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static Instant byFormatter(String text) {
        TemporalAccessor time = FORMAT.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
        return time instanceof OffsetDateTime zoned
                ? zoned.toInstant()
                : ((LocalDateTime) time).toInstant(ZoneOffset.UTC);
    }
}
