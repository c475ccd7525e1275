package dev.millrace.http;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.function.ThrowingSupplier;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.StageContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers with what a service gives for the URI of a key; made by {@link Http#lookup}. Each key is asked for anew, as
 * many at once as the {@linkplain dev.millrace.pipeline.policy.StageOptions#concurrency stage's concurrency} allows,
 * which is 256 unless it says less, and no thread waits for the answers.
 *
 * <p><b>What a status means</b>, unless {@link #status} says otherwise:
 *
 * <ul>
 *   <li>2xx: the body is decoded; but 204 has none, and is no answer.
 *   <li>404, 410: no answer.
 *   <li>408, 425, 429, 5xx and, as RFC 9110 has it, whatever lies beyond: unavailable, as is a service that refuses
 *       connections, breaks them off, or does not answer in time. With {@code Retry-After}, in seconds or as a date,
 *       the service is not asked again before that time, or an hour at most, by any record of the stage.
 *   <li>401, 403, 407: the pipeline ends in FAILED whatever its failure policy. A wrong key is nobody's record, and to
 *       go on asking with it mends nothing. Where 403 is of one resource, or a key may come to be valid later, say so
 *       by {@link #status}. From another server that a redirect leads to, which is not sent the headers, they refuse
 *       the record.
 *   <li>301, 302, 303, 307, 308: followed, up to five in a row. The headers go with the request only to the same
 *       scheme, host and port. From {@code https} to {@code http} is not followed: the record is refused.
 *   <li>All else: the record is refused.
 * </ul>
 *
 * <p>A body that is too large refuses the record; one that cannot be decoded is a failure of it, and tried again as the
 * stage's retry policy says.
 *
 * <p><b>Messages</b> name a URI by scheme, host, port and path; so a secret has no place in a path. Query and user,
 * headers and bodies are in none, nor in any log. {@link #naming} adds which key it was.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @param <K> type of the keys
 * @param <V> type of the answers
 */
public final class HttpLookup<K, V> implements Enricher<K, V> {

    private final ThrowingFunction<? super K, URI> uri;
    private final ThrowingFunction<? super byte[], ? extends V> decoder;
    private final @Nullable ThrowingFunction<? super K, String> name;
    private final HttpOptions options;

    HttpLookup(
            ThrowingFunction<? super K, URI> uri,
            ThrowingFunction<? super byte[], ? extends V> decoder,
            HttpOptions options) {
        this(uri, decoder, null, options);
    }

    private HttpLookup(
            ThrowingFunction<? super K, URI> uri,
            ThrowingFunction<? super byte[], ? extends V> decoder,
            @Nullable ThrowingFunction<? super K, String> name,
            HttpOptions options) {
        this.uri = uri;
        this.decoder = decoder;
        this.name = name;
        this.options = options;
    }

    /**
     * Sends a header with each request, beside those set before. The value is never printed.
     *
     * @throws IllegalArgumentException if it is not a header that can be set, such as {@code Host}
     */
    public HttpLookup<K, V> header(String name, String value) {
        Objects.requireNonNull(value, "value");
        checkHeader(name, value);
        return with(options.header(new HttpOptions.Header(name, () -> value)));
    }

    /**
     * Sends a header whose value may change, such as a token that expires. The value is never printed.
     *
     * @param value called for each request, by several threads at once; may block. What it throws, {@code null}, or
     *     what cannot be sent makes the service unavailable, since no record is to blame; exceptions of
     *     {@code dev.millrace.pipeline.spi} are passed on, so that {@code StageFailedException} ends the pipeline.
     */
    public HttpLookup<K, V> header(String name, ThrowingSupplier<String> value) {
        Objects.requireNonNull(value, "value");
        checkHeader(name, "");
        return with(options.header(new HttpOptions.Header(name, value)));
    }

    private static void checkHeader(String name, String value) {
        try {
            HttpRequest.newBuilder().header(Objects.requireNonNull(name, "name"), value);
        } catch (IllegalArgumentException unusable) {
            // Its message may quote the value.
            throw new IllegalArgumentException("header '" + name + "' cannot be set, or not to that value");
        }
    }

    /**
     * How long a request may take from its sending to the last byte of the answer, redirects included; by default 10
     * seconds. One that takes longer is broken off and counts as unavailable: it is tried again without end, unless the
     * stage has a {@linkplain dev.millrace.pipeline.policy.StageOptions#deadline deadline}. A deadline or a timeout of
     * the stage that comes before that ends the waiting alone: the request has its place among those at once until it
     * ends.
     */
    public HttpLookup<K, V> timeout(Duration timeout) {
        if (Objects.requireNonNull(timeout, "timeout").isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, got " + timeout);
        }
        return with(options.timeout(timeout));
    }

    /**
     * The longest body that is read; by default 1 MiB. Of a longer one the rest is not fetched. As many bodies as the
     * stage's concurrency may be in memory at a time.
     */
    public HttpLookup<K, V> maxBodyBytes(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("maxBodyBytes must be positive, got " + bytes);
        }
        return with(options.maxBodyBytes(bytes));
    }

    /**
     * Says what a status means to this service.
     *
     * @param status 201 to 999, such as a 202 that is yet to become an answer; a redirect that means anything is not
     *     followed
     */
    public HttpLookup<K, V> status(int status, StatusMeaning meaning) {
        if (status < 201 || status > 999) {
            throw new IllegalArgumentException("status must be 201 to 999, got " + status);
        }
        return with(options.status(status, Objects.requireNonNull(meaning, "meaning")));
    }

    /**
     * Says in messages, and so in logs, which key was asked for, such as {@code id -> "city " + id}. By default they do
     * not, for a key may be what must not be told. Called for each key; must not block.
     */
    public HttpLookup<K, V> naming(ThrowingFunction<? super K, String> name) {
        return new HttpLookup<>(uri, decoder, Objects.requireNonNull(name, "name"), options);
    }

    /**
     * Asks by a client of one's own, with its connections, proxy and TLS; it is never closed. By default each opening
     * of the stage makes one with the JDK's defaults, but that it speaks HTTP/1.1, with as many connections as there
     * are questions at once.
     *
     * <p>Over HTTP/2 the JDK's client has one connection, and fails whatever is asked beyond the number of streams that
     * the service allows, often 100. To a client that speaks it, give the stage a lower concurrency.
     *
     * @throws IllegalArgumentException if it follows redirects by itself: it would take the headers along to any host
     */
    public HttpLookup<K, V> client(HttpClient client) {
        if (Objects.requireNonNull(client, "client").followRedirects() != Redirect.NEVER) {
            throw new IllegalArgumentException("client must follow redirects NEVER, got " + client.followRedirects());
        }
        return with(options.client(client));
    }

    private HttpLookup<K, V> with(HttpOptions changed) {
        return new HttpLookup<>(uri, decoder, name, changed);
    }

    /** Connects to nothing yet: which host there is to ask, only a key tells. */
    @Override
    public Lookup<K, V> open(StageContext context) {
        return new UriLookup<>(new Questions<>(uri, name), decoder, options, context);
    }

    @Override
    public String describe() {
        return "HTTP lookup";
    }

    @Override
    public String toString() {
        return "HttpLookup" + options.headers();
    }
}
