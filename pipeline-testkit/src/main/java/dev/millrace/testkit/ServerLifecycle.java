package dev.millrace.testkit;

import java.nio.file.Path;

/** What can be done with a server once it is up. */
interface ServerLifecycle extends AutoCloseable {
    boolean isExternal();

    boolean isRunning();

    boolean isPaused();

    long pid();

    Path directory();

    Path log();

    void keepDirectory();

    void stop();

    void kill();

    void pause();

    void resume();

    void restart();

    @Override
    void close();
}
