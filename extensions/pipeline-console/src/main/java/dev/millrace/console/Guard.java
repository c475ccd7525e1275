package dev.millrace.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the pages of others out. A browser on this machine runs those, too, and they may send requests to loopback: by
 * a name of theirs that leads here, which {@code Host} shows; or openly, which {@code Sec-Fetch-Site} or {@code Origin}
 * show. What changes something needs the token besides, which only a page of this origin can have read.
 */
final class Guard {

    static final String TOKEN_HEADER = "X-Millrace-Token";

    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");
    private static final int TOKEN_BYTES = 24;

    private final String token = newToken();

    private static String newToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** What a page of this console sends with whatever changes something. */
    String token() {
        return token;
    }

    /** Why nothing is answered, if so. The port may be another one: that of a tunnel. */
    Optional<Answer> check(Headers request) {
        @Nullable String host = request.getFirst("Host");
        return host != null && LOOPBACK.contains(withoutPort(host))
                ? Optional.empty()
                : Optional.of(Answer.refused(403, "the console answers to the names " + LOOPBACK + " only"));
    }

    private static String withoutPort(String host) {
        return host.replaceFirst(":[0-9]*$", "");
    }

    /** Why the page's own data are not answered, if so. */
    Optional<Answer> checkOrigin(Headers request) {
        @Nullable String origin = request.getFirst("Origin");
        @Nullable String site = request.getFirst("Sec-Fetch-Site");
        boolean isOwn = (origin == null || origin.equals("http://" + request.getFirst("Host")))
                && (site == null || site.equals("same-origin") || site.equals("none"));
        return isOwn ? Optional.empty() : Optional.of(Answer.refused(403, "the console answers to its own page only"));
    }

    /** Why nothing may be changed, if so. */
    Optional<Answer> checkToken(Headers request) {
        @Nullable String sent = request.getFirst(TOKEN_HEADER);
        return sent != null && MessageDigest.isEqual(sent.getBytes(UTF_8), token.getBytes(UTF_8))
                ? Optional.empty()
                : Optional.of(Answer.refused(403, TOKEN_HEADER + " must be the token of this console"));
    }
}
