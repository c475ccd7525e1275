package dev.millrace.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The URI of a question, made of parts that are encoded each on its own, so that no key becomes more of it than a key:
 * neither another path nor another parameter. Begin with {@link Http#uri}.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy. Its text leaves the query out, which may hold a
 * secret.
 */
public final class HttpUri {

    private final String root;
    private final String path;
    private final @Nullable String query;

    private HttpUri(String root, String path, @Nullable String query) {
        this.root = root;
        this.path = path;
        this.query = query;
    }

    static HttpUri of(URI base) {
        if (!Questions.isUsable(Objects.requireNonNull(base, "base"))
                || base.getRawUserInfo() != null
                || base.getRawFragment() != null) {
            throw new IllegalArgumentException("base must be http or https with a host, without user and fragment");
        }
        String root = base.getScheme() + "://" + base.getRawAuthority();
        return new HttpUri(root, base.getRawPath(), base.getRawQuery());
    }

    /**
     * Adds to the path, a slash before each. What is added is encoded, its own slashes too.
     *
     * @throws IllegalArgumentException if one is empty, {@code .} or {@code ..}, which would be another path
     */
    public HttpUri path(Object... segments) {
        StringBuilder longer = new StringBuilder(path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
        for (Object segment : segments) {
            String text = Objects.requireNonNull(segment, "segment").toString();
            if (text.isEmpty() || text.equals(".") || text.equals("..")) {
                throw new IllegalArgumentException("a segment must be neither empty nor dots");
            }
            longer.append('/').append(encoded(text));
        }
        return new HttpUri(root, longer.toString(), query);
    }

    /** Adds a parameter to the query, behind those that are there. */
    public HttpUri query(String name, Object value) {
        String parameter = encoded(Objects.requireNonNull(name, "name")) + "="
                + encoded(Objects.requireNonNull(value, "value").toString());
        return new HttpUri(root, path, query == null || query.isEmpty() ? parameter : query + "&" + parameter);
    }

    /** What is to be asked for. */
    public URI toUri() {
        return URI.create(root + path + (query == null ? "" : "?" + query));
    }

    private static String encoded(String text) {
        if (!UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("half a surrogate pair cannot be sent");
        }
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /** Without the query. */
    @Override
    public String toString() {
        return root + path;
    }
}
