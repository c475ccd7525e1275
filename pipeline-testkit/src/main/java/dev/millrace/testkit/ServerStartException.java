package dev.millrace.testkit;

/**
 * Says why a server could not be started, with the end of its log where it wrote one.
 *
 * <p>The server's directory is kept so that the whole log can be read.
 */
public final class ServerStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean portTaken;

    ServerStartException(String message) {
        this(message, false);
    }

    ServerStartException(String message, boolean portTaken) {
        super(message);
        this.portTaken = portTaken;
    }

    ServerStartException(String message, Throwable cause) {
        super(message, cause);
        this.portTaken = false;
    }

    boolean isPortTaken() {
        return portTaken;
    }
}
