package dev.millrace.http;

import dev.millrace.pipeline.function.ThrowingFunction;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Makes questions of keys. What the user's functions throw may quote the URI, and so is not passed on. */
final class Questions<K> {

    private static final int HIGHEST_PORT = 65_535;

    private final ThrowingFunction<? super K, URI> uris;
    private final @Nullable ThrowingFunction<? super K, String> names;

    Questions(ThrowingFunction<? super K, URI> uris, @Nullable ThrowingFunction<? super K, String> names) {
        this.uris = uris;
        this.names = names;
    }

    Question of(K key) {
        String name = nameOf(key);
        URI uri;
        try {
            uri = uris.apply(key);
        } catch (UnavailableException | RefusedRecordException | StageFailedException told) {
            throw told;
        } catch (Exception failure) {
            Interrupts.keep(failure);
            throw new RefusedRecordException(name + "no URI can be made of the key: "
                    + failure.getClass().getName());
        }
        if (!isUsable(uri)) {
            throw new RefusedRecordException(
                    name + "the URI of a key must be http or https with a host and a port of at most 65535"
                            + (hasStrangeHost(uri) ? ", and its host of letters, digits, dots and hyphens" : ""));
        }
        return new Question(uri, name);
    }

    static boolean isUsable(@Nullable URI uri) {
        return uri != null
                && ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
                && uri.getHost() != null
                && uri.getPort() <= HIGHEST_PORT;
    }

    /** Such as one with an underscore, which {@link URI} takes for something else than a host. */
    private static boolean hasStrangeHost(@Nullable URI uri) {
        return uri != null && uri.getHost() == null && uri.getRawAuthority() != null;
    }

    private String nameOf(K key) {
        if (names == null) {
            return "";
        }
        try {
            return names.apply(key) + ": ";
        } catch (Exception nameless) {
            Interrupts.keep(nameless);
            return "";
        }
    }
}
