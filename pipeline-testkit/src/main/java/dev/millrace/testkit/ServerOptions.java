package dev.millrace.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a builder was told; {@code port} is 0 for any free one. */
record ServerOptions(
        String version,
        int port,
        int heapMegabytes,
        List<String> jvmOptions,
        Map<String, String> properties,
        @Nullable Path dataDirectory,
        boolean keepDirectory,
        @Nullable Path javaHome,
        Duration startTimeout,
        Consumer<String> progress) {

    /** Of one among several servers: with a port and a directory of its own. */
    ServerOptions at(int port, @Nullable Path dataDirectory) {
        return new ServerOptions(
                version,
                port,
                heapMegabytes,
                jvmOptions,
                properties,
                dataDirectory,
                keepDirectory,
                javaHome,
                startTimeout,
                progress);
    }
}
