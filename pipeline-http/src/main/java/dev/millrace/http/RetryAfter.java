package dev.millrace.http;

import static dev.millrace.pipeline.spi.UnavailableException.LONGEST_RETRY_AFTER;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a service asks not to be asked. */
final class RetryAfter {

    private static final Pattern SECONDS = Pattern.compile("0*+([0-9]*+)");
    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    /** Positive, and an hour at most; a date counts from the service's own clock, if it tells that. */
    static Optional<Duration> of(HttpHeaders headers) {
        return headers.firstValue("Retry-After")
                .map(String::strip)
                .flatMap(text -> seconds(text).or(() -> date(text).map(until -> Duration.between(now(headers), until))))
                .filter(wait -> !wait.isNegative() && !wait.isZero())
                .map(wait -> wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait);
    }

    /** Of more digits than a number can have, the longest there is. */
    private static Optional<Duration> seconds(String text) {
        Matcher seconds = SECONDS.matcher(text);
        if (!seconds.matches()) {
            return Optional.empty();
        }
        String digits = seconds.group(1);
        return Optional.of(
                digits.length() > MOST_DIGITS
                        ? LONGEST_RETRY_AFTER
                        : Duration.ofSeconds(digits.isEmpty() ? 0 : Long.parseLong(digits)));
    }

    private static Instant now(HttpHeaders headers) {
        return headers.firstValue("Date").flatMap(RetryAfter::date).orElseGet(Instant::now);
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(Instant.from(RFC_1123_DATE_TIME.parse(text)));
        } catch (DateTimeParseException unreadable) {
            return Optional.empty();
        }
    }
}
