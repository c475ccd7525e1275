package dev.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a server whose starting JVM is gone. */
class OrphanIT {
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    @Test
    void shouldLeaveNothingBehindWhenTheStartingJvmIsKilled() throws Exception {
        try (Owner owner = Owner.start("run")) {
            owner.process.destroyForcibly();

            awaitGone(owner);
            awaitDeleted(owner.directory);
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenTheStartingJvmIsKilledWhileTheServerIsPaused() throws Exception {
        try (Owner owner = Owner.start("pause")) {
            owner.process.destroyForcibly();

            awaitGone(owner);
            awaitDeleted(owner.directory);
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenTheStartingJvmExitsWithoutClosing() throws Exception {
        try (Owner owner = Owner.start("run")) {
            owner.process.getOutputStream().close();

            assertThat(owner.process.waitFor()).isZero();
            awaitGone(owner);
            awaitDeleted(owner.directory);
        }
    }

    @Test
    void shouldKeepAChosenDirectoryWhenTheStartingJvmIsKilled(@TempDir Path directory) throws Exception {
        try (Owner owner = Owner.start("run", directory.toString())) {
            owner.process.destroyForcibly();

            awaitGone(owner);
            assertThat(owner.directory.resolve("data/meta.properties")).exists();
        }
    }

    private static void awaitGone(Owner owner) throws Exception {
        owner.server.onExit().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void awaitDeleted(Path directory) {
        Instant deadline = Instant.now().plus(DEADLINE);
        while (Files.exists(directory) && Instant.now().isBefore(deadline)) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(directory).doesNotExist();
    }

    /** A JVM that starts a server and then waits for the end of its input. */
    private record Owner(Process process, ProcessHandle server, Path directory) implements AutoCloseable {
        static Owner start(String... args) throws IOException {
            String java = JavaHome.current().java().toString();
            ProcessBuilder builder = new ProcessBuilder(
                    java, "-Xmx128m", "-cp", System.getProperty("java.class.path"), ServerOwner.class.getName());
            builder.command().addAll(List.of(args));
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            BufferedReader output = process.inputReader();
            long pid = Long.parseLong(output.readLine());
            Path directory = Path.of(output.readLine());
            return new Owner(process, ProcessHandle.of(pid).orElseThrow(), directory);
        }

        @Override
        public void close() {
            process.destroyForcibly();
            server.destroyForcibly();
        }
    }
}
