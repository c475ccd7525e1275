package dev.millrace.examples.weather;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the service says of a city, as far as it is of use here; named as the service names it. */
record Report(String name, Sys sys, Air wind) {

    record Sys(@Nullable String country) {}

    record Air(Double speed) {

        Air {
            Objects.requireNonNull(speed, "speed");
        }
    }

    Report {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(sys, "sys");
        Objects.requireNonNull(wind, "wind");
    }

    Wind row() {
        return new Wind(name, sys.country(), wind.speed());
    }
}
