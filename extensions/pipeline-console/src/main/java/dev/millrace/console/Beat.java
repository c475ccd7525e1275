package dev.millrace.console;

/** When samples are taken, and what time it is then. */
interface Beat extends AutoCloseable {

    long nanoTime();

    /** Runs it again and again until closed. Called once. */
    void start(Runnable sampling);

    @Override
    void close();
}
