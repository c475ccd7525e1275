package dev.millrace.examples.connectors;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.Enricher;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.StageContext;
import dev.millrace.pipeline.spi.UnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** Asks a REST service for each key. 404 means that there is no answer, 429 and 5xx that it is to be asked again. */
// docs:begin
public record RestLookup<K, V>(Function<K, URI> address, ThrowingFunction<byte[], V> decoder)
        implements Enricher<K, V> {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Override
    public Lookup<K, V> open(StageContext context) {
        HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
        return key -> {
            HttpRequest request =
                    HttpRequest.newBuilder(address.apply(key)).timeout(TIMEOUT).build();
            return client.sendAsync(request, BodyHandlers.ofByteArray()).handle(this::answer);
        };
    }

    private Optional<V> answer(HttpResponse<byte[]> response, Throwable failure) {
        if (failure != null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            throw cause instanceof IOException
                    ? new UnavailableException("the service cannot be reached", cause)
                    : new CompletionException(cause);
        }
        int status = response.statusCode();
        if (status == 429 || status >= 500) {
            throw new UnavailableException("the service answers " + status);
        }
        if (status == 404) {
            return Optional.empty();
        }
        if (status != 200) {
            throw new IllegalStateException("the service answers " + status);
        }
        try {
            return Optional.of(decoder.apply(response.body()));
        } catch (Exception refused) {
            throw new CompletionException(refused);
        }
    }
}
// docs:end
