package dev.millrace.testkit;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** A server that somebody else runs: it can be used, and nothing else. */
final class ExternalServer implements ServerLifecycle {
    private final String setting;

    private ExternalServer(String setting) {
        this.setting = setting;
    }

    static ExternalServer namedBy(String setting) {
        return new ExternalServer(setting);
    }

    /** The value of a system property such as {@code millrace.kafka}, else of the variable {@code MILLRACE_KAFKA}. */
    static Optional<String> setting(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            value = System.getenv(name.replace('.', '_').toUpperCase(Locale.ROOT));
        }
        return Optional.ofNullable(value).map(String::trim).filter(text -> !text.isEmpty());
    }

    /** Reads {@code host:port}; the host may be an IPv6 address in brackets. */
    static InetSocketAddress address(String setting, String text) {
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
            int port = Integer.parseInt(text.substring(colon + 1));
            if (!host.isEmpty() && port > 0) {
                return new InetSocketAddress(host, port);
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IllegalArgumentException(setting + " must be host:port, got '" + text + "'", e);
        }
        throw new IllegalArgumentException(setting + " must be host:port, got '" + text + "'");
    }

    /** For messages that say why the test kit cannot start a server itself. */
    static String hint(String kind) {
        return "set -Dmillrace." + kind + "=host:port to use a server that runs already";
    }

    @Override
    public boolean isExternal() {
        return true;
    }

    @Override
    public boolean isRunning() {
        return true;
    }

    @Override
    public boolean isPaused() {
        return false;
    }

    @Override
    public long pid() {
        throw refused("has no process of the test kit");
    }

    @Override
    public Path directory() {
        throw refused("has no directory of the test kit");
    }

    @Override
    public Path log() {
        throw refused("has no log of the test kit");
    }

    @Override
    public void keepDirectory() {
        // Nothing of this server is the test kit's to delete.
    }

    @Override
    public void stop() {
        throw refused("cannot be stopped");
    }

    @Override
    public void kill() {
        throw refused("cannot be killed");
    }

    @Override
    public void pause() {
        throw refused("cannot be paused");
    }

    @Override
    public void resume() {
        throw refused("cannot be paused or resumed");
    }

    @Override
    public void restart() {
        throw refused("cannot be restarted");
    }

    @Override
    public void close() {
        // The server goes on for whoever runs it.
    }

    private UnsupportedOperationException refused(String what) {
        return new UnsupportedOperationException("the external server named by " + setting + " " + what + "; unset "
                + setting + " to have the test kit start one");
    }
}
