package dev.millrace.http;

import dev.millrace.pipeline.function.ThrowingFunction;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;

/**
 * Lookups over HTTP.
 *
 * <pre>{@code
 * HttpUri service = Http.uri("https://example.org/v1").query("appid", key);
 * Enricher<String, Report> weather = Http.lookup(
 *                 (String city) -> service.path("weather").query("q", city).toUri(),
 *                 body -> mapper.readValue(body, Report.class))
 *         .timeout(ofSeconds(5));
 * }</pre>
 *
 * <p><b>To poll</b> a service takes no source of its own: {@code Sources.every(interval, () -> cities)} gives the keys
 * again and again, {@code flatMap} takes them apart, and {@code enrich} asks for each. One that fails follows the
 * failure policy of that stage and leaves the others alone.
 */
public final class Http {

    private Http() {}

    /**
     * A service, to whose address {@link HttpUri#path} and {@link HttpUri#query} add what a key is, encoded.
     *
     * @param base may have a path and a query of its own
     * @throws IllegalArgumentException if it is not an absolute {@code http} or {@code https} URI with a host, or has a
     *     user or a fragment
     */
    public static HttpUri uri(String base) {
        URI parsed;
        try {
            parsed = new URI(base);
        } catch (URISyntaxException unreadable) {
            throw new IllegalArgumentException("base is no URI"); // the message of the cause quotes it
        }
        return uri(parsed);
    }

    /** As {@link #uri(String)}. */
    public static HttpUri uri(URI base) {
        return HttpUri.of(base);
    }

    /**
     * Asks for a URI per key, by GET.
     *
     * @param uri makes the URI of a key; called by several workers at once, must not block. A record for which it
     *     throws, or gives anything but an absolute {@code http} or {@code https} URI, is refused; exceptions of
     *     {@code dev.millrace.pipeline.spi} are passed on.
     * @param decoder makes the answer of a body; called by as many threads at once as the stage's concurrency allows,
     *     and may block. What it throws, or {@code null}, is a failure of the record, of which only the class is told,
     *     since its message may quote the body; exceptions of {@code dev.millrace.pipeline.spi} say more and are passed
     *     on.
     */
    public static <K, V> HttpLookup<K, V> lookup(
            ThrowingFunction<? super K, URI> uri, ThrowingFunction<? super byte[], ? extends V> decoder) {
        return new HttpLookup<>(
                Objects.requireNonNull(uri, "uri"), Objects.requireNonNull(decoder, "decoder"), HttpOptions.DEFAULTS);
    }
}
