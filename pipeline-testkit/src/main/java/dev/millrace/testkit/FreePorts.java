package dev.millrace.testkit;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free loopback ports below the ranges from which operating systems take the local ports of outgoing connections.
 *
 * <p>A server that is killed and started again needs its port back. In the ephemeral range a client that keeps
 * reconnecting to the dead port may be given that very port as its own, connect to itself, and hold it for good.
 */
final class FreePorts {
    private static final int LOWEST = 10_000;
    private static final int BOUND = 32_000;
    private static final int ATTEMPTS = 1_000;

    /** Handed out in this JVM: two servers that start at once must not be given the same port before either binds. */
    private static final Set<Integer> TAKEN = new HashSet<>();

    private FreePorts() {}

    static synchronized int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, BOUND);
            if (!TAKEN.contains(port) && isFree(port)) {
                TAKEN.add(port);
                return port;
            }
        }
        throw new ServerStartException(
                "no free port found between " + LOWEST + " and " + BOUND + " in " + ATTEMPTS + " attempts");
    }

    /** Ports that somebody has chosen, and that are not bound yet, perhaps: they are not handed out. */
    static synchronized void take(Collection<Integer> ports) {
        TAKEN.addAll(ports);
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(Loopback.at(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
