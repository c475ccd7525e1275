package dev.millrace.examples;

import dev.millrace.pipeline.policy.Throttle;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a range of pauses such as {@code 5s..60s} or {@code 200ms..1s} from the command line. */
public final class Pause implements ITypeConverter<Throttle> {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

    @Override
    public Throttle convert(String text) {
        String[] ends = text.split("\\.\\.", 2);
        try {
            Duration from = duration(ends[0]);
            return Throttle.randomPause(from, ends.length == 1 ? from : duration(ends[1]));
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException("must be a range of pauses such as 5s..60s, got '" + text + "'");
        }
    }

    private static Duration duration(String text) {
        Matcher parts = DURATION.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new IllegalArgumentException(text);
        }
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }
}
