package dev.millrace.console;

import java.util.concurrent.ThreadFactory;

/** Threads that do not keep the JVM from ending. */
final class Threads {

    private Threads() {}

    static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Runs it on a daemon, so that threads that it starts are daemons as well, and waits for it. */
    static void callAsDaemon(String name, Runnable task) {
        Thread thread = daemons(name).newThread(task);
        thread.start();
        boolean isInterrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException interrupted) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
