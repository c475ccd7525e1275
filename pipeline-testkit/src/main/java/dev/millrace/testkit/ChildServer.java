package dev.millrace.testkit;

import dev.millrace.testkit.launcher.ServerLauncher;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/**
 * A server in a child JVM, over all the processes of its life: each restart is a new one with the same ports and data.
 */
final class ChildServer implements ServerLifecycle {
    private static final System.Logger LOGGER = System.getLogger(ChildServer.class.getName());
    private static final int PORT_ATTEMPTS = 5;
    private static final Duration STOP_TIMEOUT = Duration.ofMinutes(2);

    private final ServerRecipe recipe;
    private final ServerOptions options;
    private final ServerDirectory directory;
    private final List<Integer> ports;
    private final List<String> command;
    private volatile ServerProcess process;
    private volatile boolean keepDirectory;
    private boolean closed;

    private ChildServer(ServerRecipe recipe, ServerOptions options, List<Path> jars, ServerDirectory directory) {
        this.recipe = recipe;
        this.options = options;
        this.directory = directory;
        this.ports = directory.ports(recipe.portCount(), options.port());
        this.keepDirectory = options.keepDirectory();
        this.command = command(jars);
        this.process = launch();
    }

    /** Starts a server; where a port was taken between its choice and its use, starts again with others. */
    static ChildServer start(ServerRecipe recipe, ServerOptions options) {
        List<Path> jars = jars(recipe, options);
        for (int attempt = 1; ; attempt++) {
            ServerDirectory directory = ServerDirectory.create(recipe.kind(), options.dataDirectory());
            try {
                return start(recipe, options, jars, directory);
            } catch (ServerStartException e) {
                if (!mayTakeOtherPorts(e, options, attempt)) {
                    throw e;
                }
                directory.delete();
            }
        }
    }

    /** Starts a server in that directory, with the ports that it has or is given now. */
    static ChildServer start(ServerRecipe recipe, ServerOptions options, List<Path> jars, ServerDirectory directory) {
        return new ChildServer(recipe, options, jars, directory);
    }

    static List<Path> jars(ServerRecipe recipe, ServerOptions options) {
        return new ServerClassPath(recipe.kind(), recipe.title(), recipe.artifacts(), options.progress()).resolve();
    }

    /** Whether that attempt failed for a port that nobody asked for and that nothing yet depends on. */
    static boolean mayTakeOtherPorts(ServerStartException failure, ServerOptions options, int attempt) {
        return failure.isPortTaken()
                && options.port() == 0
                && options.dataDirectory() == null
                && attempt < PORT_ATTEMPTS;
    }

    int clientPort() {
        return port(0);
    }

    /** One of those that the recipe asked for. */
    int port(int index) {
        return ports.get(index);
    }

    private List<String> command(List<Path> jars) {
        ServerRecipe.Configuration configuration = recipe.configure(directory, ports);
        Path launcher = directory.extractLauncher();
        List<Path> classPath = new ArrayList<>(jars);
        classPath.add(0, launcher);
        List<String> command = new ArrayList<>();
        command.add(recipe.javaHome().java().toString());
        command.add("-Xmx" + options.heapMegabytes() + "m");
        // Half the processor time of a start. Few tests run long enough for the second compiler to win that back.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-XX:-UsePerfData");
        command.add("-XX:ErrorFile=" + directory.path().resolve("hs_err_%p.log"));
        command.add("-Dfile.encoding=UTF-8");
        command.add("-Djava.io.tmpdir=" + directory.subdirectory("tmp"));
        if (directory.isTemporary() && !keepDirectory) {
            command.add("-D" + ServerLauncher.ORPHAN_DIRECTORY + "=" + directory.path());
        }
        command.addAll(configuration.jvmOptions());
        command.addAll(options.jvmOptions());
        command.addAll(List.of("-cp", ServerClassPath.join(classPath), ServerLauncher.class.getName(), recipe.kind()));
        command.addAll(configuration.arguments());
        return List.copyOf(command);
    }

    private ServerProcess launch() {
        options.progress().accept("Starting " + recipe.title());
        long begin = System.nanoTime();
        long logPosition = directory.logLength();
        ServerProcess launched = ServerProcess.launch(recipe.kind(), command, directory);
        try {
            if (!launched.awaitReady(options.startTimeout())) {
                throw failure("ended with exit code " + launched.exitCode() + " before it was ready", logPosition);
            }
        } catch (TimeoutException e) {
            launched.kill();
            throw failure("was not ready within the start timeout of " + options.startTimeout(), logPosition);
        } catch (InterruptedException e) {
            launched.kill();
            Thread.currentThread().interrupt();
            throw new ServerStartException("interrupted while starting " + recipe.title(), e);
        }
        options.progress()
                .accept(String.format(
                        Locale.ROOT,
                        "%s is up on %s:%d after %.1f s",
                        recipe.title(),
                        Loopback.HOST,
                        clientPort(),
                        (System.nanoTime() - begin) / 1e9));
        return launched;
    }

    private ServerStartException failure(String what, long logPosition) {
        String tail = directory.logTail(logPosition);
        String message = recipe.title() + " " + what + ". The end of its log " + directory.log() + ":\n" + tail;
        return new ServerStartException(message, tellsOfTakenPort(tail));
    }

    private static boolean tellsOfTakenPort(String log) {
        return log.contains("Address already in use")
                || log.contains("is in use by another process")
                || log.contains("Failed to bind port");
    }

    @Override
    public boolean isExternal() {
        return false;
    }

    @Override
    public boolean isRunning() {
        return process.isAlive();
    }

    @Override
    public boolean isPaused() {
        return process.isPaused();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public Path directory() {
        return directory.path();
    }

    @Override
    public Path log() {
        return directory.log();
    }

    @Override
    public void keepDirectory() {
        keepDirectory = true;
    }

    @Override
    public synchronized void stop() {
        if (!process.isAlive()) {
            return;
        }
        try {
            if (!process.stop(STOP_TIMEOUT)) {
                LOGGER.log(
                        Level.WARNING,
                        "{0} did not stop within {1} and is killed; its log: {2}",
                        recipe.title(),
                        STOP_TIMEOUT,
                        directory.log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.kill();
        }
    }

    @Override
    public synchronized void kill() {
        process.kill();
    }

    @Override
    public synchronized void pause() {
        if (!process.isAlive()) {
            throw new IllegalStateException(recipe.title() + " is not running and cannot be paused");
        }
        process.pause();
    }

    @Override
    public synchronized void resume() {
        process.resume();
    }

    @Override
    public synchronized void restart() {
        if (closed) {
            throw new IllegalStateException(recipe.title() + " is closed and cannot be restarted");
        }
        stop();
        process = launch();
    }

    /** There is nothing to save in a directory that is about to be deleted, so such a server is killed. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (directory.isTemporary() && !keepDirectory) {
            process.kill();
            directory.delete();
        } else {
            stop();
            if (keepDirectory) {
                LOGGER.log(Level.INFO, "The directory of {0} is kept: {1}", recipe.title(), directory.path());
            }
        }
    }
}
