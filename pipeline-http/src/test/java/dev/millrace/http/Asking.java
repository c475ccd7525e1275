package dev.millrace.http;

import dev.millrace.pipeline.spi.Lookup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Asks one key as the engine does, whichever way the lookup fails. */
final class Asking {

    private Asking() {}

    /** A lookup of a service by path and query, with bodies as text, that is patient with a busy machine. */
    static HttpLookup<String, String> of(Service service) {
        return Http.<String, String>lookup(service::uri, Asking::text).timeout(Duration.ofMinutes(3));
    }

    static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    static Optional<String> ask(HttpLookup<String, String> recipe, String key) throws Exception {
        try (Lookup<String, String> lookup = recipe.open(new TestContext())) {
            return ask(lookup, key);
        }
    }

    static <K, V> Optional<V> ask(Lookup<K, V> lookup, K key) throws Exception {
        try {
            return lookup.find(key).toCompletableFuture().get(5, TimeUnit.MINUTES);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        }
    }
}
