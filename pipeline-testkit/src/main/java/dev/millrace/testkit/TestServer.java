package dev.millrace.testkit;

import java.nio.file.Path;

/**
 * A real server in a JVM of its own, for as long as the JVM that started it lives.
 *
 * <p>The server listens on the loopback address, keeps its data, configuration and log in one directory, and keeps its
 * ports over {@link #kill}, {@link #stop} and {@link #restart}. When the starting JVM ends, however it ends, the server
 * ends too and a temporary directory is deleted; there is no shutdown hook, so the application's own hooks still find
 * the server running.
 *
 * <p>Where a setting names a server that runs already, the handle stands for that one: it can be used and closed, and
 * everything that would touch its process throws {@link UnsupportedOperationException}.
 *
 * <p>This class is thread-safe. Methods that change the state of the server wait for each other.
 */
public abstract sealed class TestServer implements AutoCloseable permits KafkaServer, CassandraServer {
    private final ServerLifecycle lifecycle;

    TestServer(ServerLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /** Whether the server was named by a setting and is not the test kit's to start or stop. */
    public final boolean isExternal() {
        return lifecycle.isExternal();
    }

    /** Whether the server's process is there; true for one that is paused, and always for an external server. */
    public final boolean isRunning() {
        return lifecycle.isRunning();
    }

    /** Whether the server is held by {@link #pause}. */
    public final boolean isPaused() {
        return lifecycle.isPaused();
    }

    /** The id of the server's latest process. */
    public final long pid() {
        return lifecycle.pid();
    }

    /** Where the server keeps its data, configuration and log. */
    public final Path directory() {
        return lifecycle.directory();
    }

    /** The server's log, of all its starts. */
    public final Path log() {
        return lifecycle.log();
    }

    /** Has {@link #close} leave a temporary directory where it is. */
    public final void keepDirectory() {
        lifecycle.keepDirectory();
    }

    /**
     * Stops the server in good order and waits until it is gone, killing it after two minutes. Does nothing to a server
     * that is not running.
     */
    public final void stop() {
        lifecycle.stop();
    }

    /** Ends the server at once, as SIGKILL does, and waits until it is gone. */
    public final void kill() {
        lifecycle.kill();
    }

    /**
     * Halts the server's process with SIGSTOP: its connections stay open and nothing answers. On Linux it returns once
     * all threads stand still; elsewhere one of them may answer a moment longer. Does nothing to a server that is
     * paused already.
     *
     * @throws UnsupportedOperationException on a system without SIGSTOP
     * @throws IllegalStateException if the server is not running
     */
    public final void pause() {
        lifecycle.pause();
    }

    /** Lets a paused server go on. Does nothing to one that is not paused. */
    public final void resume() {
        lifecycle.resume();
    }

    /**
     * Starts the server again with the same ports and data, stopping it first if it runs, and waits until it is ready.
     *
     * @throws ServerStartException if the server does not come up
     * @throws IllegalStateException if it is closed
     */
    public final void restart() {
        lifecycle.restart();
    }

    /**
     * Ends the server for good. A temporary directory is deleted unless it is to be kept; a server with a directory
     * that stays is stopped in good order. Closing again does nothing.
     */
    @Override
    public final void close() {
        lifecycle.close();
    }
}
