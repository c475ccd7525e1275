package dev.millrace.examples;

import dev.millrace.pipeline.policy.Throttle;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a range of pauses such as {@code 5s..60s} or {@code 200ms..1s} from the command line. */
public final class ThrottleConverter implements ITypeConverter<Throttle> {

    @Override
    public Throttle convert(String text) {
        String[] ends = text.split("\\.\\.", 2);
        try {
            Duration from = DurationConverter.parse(ends[0]);
            return Throttle.randomPause(from, ends.length == 1 ? from : DurationConverter.parse(ends[1]));
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException("must be a range of pauses such as 5s..60s, got '" + text + "'");
        }
    }
}
