package dev.millrace.cassandra;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Host and port of a node. */
record Address(String host, int port) {

    private static final int DEFAULT_PORT = 9042;
    private static final Pattern FORM =
            Pattern.compile("(?:\\[(?<v6>[0-9a-fA-F:.]+(?:%\\w+)?)]|(?<host>[^\\s:\\[\\]/@]+))(?::(?<port>\\d{1,5}))?");

    static Address parse(String text) {
        Matcher matcher =
                FORM.matcher(Objects.requireNonNull(text, "contactPoint").strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("contactPoint must be host or host:port, got '" + shown(text) + "'");
        }
        String port = matcher.group("port");
        int number = port == null ? DEFAULT_PORT : Integer.parseInt(port);
        if (number < 1 || number > 65_535) {
            throw new IllegalArgumentException("contactPoint's port must be 1 to 65535, got '" + text + "'");
        }
        String host = matcher.group("v6") == null ? matcher.group("host") : matcher.group("v6");
        return new Address(host, number);
    }

    /** What stands before an @ may be a password. */
    private static String shown(String text) {
        int at = text.lastIndexOf('@');
        return at < 0 ? text : "..." + text.substring(at);
    }

    /** Resolved now, since addresses move. */
    InetSocketAddress resolve() {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("host '" + host + "' cannot be resolved");
        }
        return address;
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
