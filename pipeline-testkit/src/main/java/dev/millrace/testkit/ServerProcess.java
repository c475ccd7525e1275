package dev.millrace.testkit;

import dev.millrace.testkit.launcher.ServerLauncher;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One JVM that runs {@link ServerLauncher}. */
final class ServerProcess {
    /** Options meant for this JVM would change the child, or stop it where it runs on another version. */
    private static final List<String> VARIABLES_NOT_INHERITED =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH");

    private final Process process;
    private final Path log;
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private volatile @Nullable Pause pause;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static ServerProcess launch(String name, List<String> command, ServerDirectory directory) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.path().toFile())
                .redirectError(Redirect.appendTo(directory.log().toFile()));
        VARIABLES_NOT_INHERITED.forEach(builder.environment()::remove);
        try {
            ServerProcess server = new ServerProcess(builder.start(), directory.log());
            Thread output = new Thread(server::readOutput, name + "-output");
            output.setDaemon(true);
            output.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the server said that it is ready; false once it has ended. */
    boolean awaitReady(Duration timeout) throws InterruptedException, TimeoutException {
        try {
            return ready.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    boolean isPaused() {
        return pause != null && isAlive();
    }

    /** Asks for an orderly exit; returns whether the server was gone in time. */
    boolean stop(Duration timeout) throws InterruptedException {
        resume();
        try {
            OutputStream input = process.getOutputStream();
            input.write((ServerLauncher.STOP + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            if (isAlive()) {
                throw new UncheckedIOException(e);
            }
        }
        return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns once the process is gone, even for a thread that is interrupted. */
    void kill() {
        process.destroyForcibly().onExit().join();
        resume();
    }

    void pause() {
        if (pause == null) {
            pause = Pause.of(process.pid());
        }
    }

    void resume() {
        Pause held = pause;
        if (held != null) {
            held.end();
            pause = null;
        }
    }

    /** Standard output carries one line of ours; a JVM may add some of its own, such as a thread dump. */
    private void readOutput() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(ServerLauncher.READY)) {
                    ready.complete(true);
                } else {
                    Files.writeString(log, line + "\n", StandardOpenOption.APPEND);
                }
            }
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
        ready.complete(false);
    }
}
