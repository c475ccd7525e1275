package dev.millrace.http;

import java.net.URI;
import java.util.Locale;

/**
 * What is asked for a key, and how messages call it.
 *
 * @param uri the whole, for requests alone: its query may hold a key of the service
 * @param name which key it is, ending in a colon and a blank, or empty
 */
record Question(URI uri, String name) {

    /** The same question where a redirect points to. */
    Question at(URI other) {
        return new Question(other, name);
    }

    /** Scheme, host and port: what a pause that a service asks for, and a header that is a secret, are limited to. */
    static String origin(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }

    /** Whether both go to the same server. */
    boolean isOfOriginOf(Question other) {
        return origin(uri).equals(origin(other.uri));
    }

    /** The question as it may be told: neither query nor user. */
    @Override
    public String toString() {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return name + uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
    }
}
