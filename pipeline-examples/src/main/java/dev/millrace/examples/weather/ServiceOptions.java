package dev.millrace.examples.weather;

import dev.millrace.examples.ExampleException;
import dev.millrace.http.Http;
import java.io.IOException;
import java.net.URI;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which service is asked: the real one, another, or a stand-in within this process. */
final class ServiceOptions {

    static final String KEY_VARIABLE = "OPENWEATHER_API_KEY";

    private static final URI OPEN_WEATHER = URI.create("https://api.openweathermap.org");

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            description = "Where to ask, with the key in " + KEY_VARIABLE + "; by default api.openweathermap.org"
                    + " where that is set, else a stand-in within this process.")
    @Nullable
    URI baseUrl;

    /** A service that is asked, and what is to be closed after that. */
    record Service(URI base, String key, AutoCloseable own) implements AutoCloseable {

        @Override
        public void close() throws Exception {
            own.close();
        }

        /** Without the key, or a user. */
        @Override
        public String toString() {
            return base.getScheme() + "://" + base.getHost() + (base.getPort() < 0 ? "" : ":" + base.getPort());
        }
    }

    /** Starts the stand-in if that is meant. */
    Service service(UnaryOperator<@Nullable String> environment) throws IOException {
        String key = environment.apply(KEY_VARIABLE);
        if (baseUrl != null && !isBase(baseUrl)) {
            throw new ExampleException(
                    "--base-url must be http or https with a host, and without user, query, fragment");
        }
        if (key != null && !key.isBlank()) {
            return new Service(baseUrl == null ? OPEN_WEATHER : baseUrl, key.strip(), () -> {});
        }
        if (baseUrl != null) {
            throw new ExampleException("a key must be in " + KEY_VARIABLE + " where --base-url is given");
        }
        StandIn standIn = StandIn.start(System.nanoTime());
        return new Service(standIn.address(), StandIn.KEY, standIn);
    }

    private static boolean isBase(URI uri) {
        try {
            Http.uri(uri);
            return uri.getRawQuery() == null;
        } catch (IllegalArgumentException unusable) {
            return false;
        }
    }
}
