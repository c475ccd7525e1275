package dev.millrace.examples.weather;

import static dev.millrace.http.StatusMeaning.RECORD_REFUSED;
import static java.time.Duration.ofSeconds;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.http.Http;
import dev.millrace.http.HttpLookup;
import dev.millrace.http.HttpUri;
import java.net.URI;

/** The service: what it says of a city at present. */
final class OpenWeather {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private OpenWeather() {}

    /** The key is part of each URI; no message holds it, for none holds a query. */
    static HttpLookup<Integer, Report> at(URI base, String key) {
        // docs:begin
        HttpUri weather = Http.uri(base).path("data", "2.5", "weather");
        return Http.lookup(
                        (Integer city) ->
                                weather.query("id", city).query("appid", key).toUri(),
                        body -> MAPPER.readValue(body, Report.class))
                .naming(city -> "city " + city)
                .status(404, RECORD_REFUSED) // a city that there is not: to be told, not passed over
                .timeout(ofSeconds(3));
        // docs:end
    }
}
