package dev.millrace.testkit.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The main class of a server's JVM: starts the server, says so on standard output, and lives no longer than the JVM
 * that started it.
 *
 * <p>Standard input is the leash. A line {@code stop} asks for an orderly exit. Its end means that the starting JVM is
 * gone, however it died, since the operating system closes the other end for it. Everything that the server itself
 * prints goes to standard error, which is the log file.
 *
 * <p>This package uses nothing of the test kit: the child's class path holds these classes and the server's jars only.
 */
public final class ServerLauncher {
    /** Printed on a line of its own once the server takes requests. */
    public static final String READY = "millrace-server-ready";

    /** Read from standard input: leave in good order. */
    public static final String STOP = "stop";

    /** System property: a directory to delete when the starting JVM is gone. */
    public static final String ORPHAN_DIRECTORY = "millrace.testkit.orphanDirectory";

    private static final int ORPHANED = 143;

    private ServerLauncher() {}

    /** Starts the server named by the first argument, {@code kafka} or {@code cassandra}, with the other arguments. */
    public static void main(String[] args) throws Exception {
        PrintStream parent = System.out;
        System.setOut(System.err);
        List.of("INT", "HUP", "TERM").forEach(ServerLauncher::ignoreSignal);
        Thread leash = new Thread(ServerLauncher::holdLeash, "millrace-leash");
        leash.setDaemon(true);
        leash.start();
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        try {
            if (args[0].equals("kafka")) {
                KafkaLauncher.start(rest);
            } else {
                CassandraLauncher.start();
            }
        } catch (Throwable e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        parent.println(READY);
        parent.flush();
    }

    private static void holdLeash() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals(STOP)) {
                    System.exit(0);
                }
            }
        } catch (IOException e) {
            System.err.println("Standard input could not be read: " + e);
        }
        leaveAsOrphan();
    }

    private static void leaveAsOrphan() {
        System.err.println("The JVM that started this server is gone");
        String directory = System.getProperty(ORPHAN_DIRECTORY);
        if (directory != null) {
            deleteAfterExit(directory);
        }
        Runtime.getRuntime().halt(ORPHANED);
    }

    /** A server that is still writing would refill the directory, so the shell deletes it once this process is gone. */
    private static void deleteAfterExit(String directory) {
        String script = "trap '' INT HUP; while kill -0 \"$1\" 2>/dev/null; do sleep 0.1; done; rm -rf -- \"$2\"";
        String pid = Long.toString(ProcessHandle.current().pid());
        try {
            new ProcessBuilder("sh", "-c", script, "sh", pid, directory).start();
        } catch (IOException e) {
            System.err.println("Left behind: " + directory);
        }
    }

    /**
     * Ctrl-C in a terminal reaches every process of the group, and so does what a service manager or a time limit
     * sends. The application decides when its servers may go, since it may want to drain into them first. Reflection,
     * because {@code sun.misc} is no part of the Java API.
     */
    private static void ignoreSignal(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object nothing =
                    Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (p, m, a) -> null);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), nothing);
        } catch (ReflectiveOperationException e) {
            System.err.println("SIG" + name + " is not ignored: " + e);
        }
    }
}
