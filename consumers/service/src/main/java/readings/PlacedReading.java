package readings;

import java.time.Instant;

/** With where it was taken. */
public record PlacedReading(String sensor, String place, Instant at, double celsius) {

    static PlacedReading of(Reading reading, String place) {
        return new PlacedReading(reading.sensor(), place, reading.at(), reading.celsius());
    }
}
