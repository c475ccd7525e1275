package dev.millrace.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;

/**
 * A process held by SIGSTOP.
 *
 * <p>A stopped process cannot notice that this JVM is gone. So a shell stops it and waits for its own input to end: at
 * {@link #end}, or when this JVM dies, it lets the process go on.
 */
final class Pause {
    private static final String STOPPED = "stopped";
    private static final String SCRIPT =
            "trap '' INT HUP; kill -STOP \"$1\" && echo " + STOPPED + "; cat > /dev/null; kill -CONT \"$1\"";

    private final Process shell;

    private Pause(Process shell) {
        this.shell = shell;
    }

    static Pause of(long pid) {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            throw new UnsupportedOperationException("pausing a server needs SIGSTOP, which this system does not have");
        }
        Process shell;
        try {
            shell = new ProcessBuilder("sh", "-c", SCRIPT, "sh", Long.toString(pid))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            BufferedReader output = shell.inputReader(StandardCharsets.UTF_8);
            if (!STOPPED.equals(output.readLine())) {
                shell.destroy();
                throw new IllegalStateException("the server's process " + pid + " could not be stopped");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Pause pause = new Pause(shell);
        try {
            StoppedThreads.await(pid);
        } catch (RuntimeException e) {
            pause.end();
            throw e;
        }
        return pause;
    }

    /** Returns once the process has been told to go on; does nothing to one that is gone. */
    void end() {
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shell.onExit().join();
    }
}
