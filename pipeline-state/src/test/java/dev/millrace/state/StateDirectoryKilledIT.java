package dev.millrace.state;

import static dev.millrace.state.States.load;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.spi.StateTable;
import dev.millrace.pipeline.spi.UnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there, whenever the process is killed. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StateDirectoryKilledIT {

    private static final int KILLS = 20;
    private static final int PATIENCE_MINUTES = 2;

    @TempDir
    Path directory;

    @TempDir
    Path temporary;

    private Process saver() throws IOException {
        return ChildJvm.start(ChildSaver.class, directory, temporary, List.of());
    }

    private StateTable open() throws Exception {
        return StateDirectory.at(directory).open(new TestContext());
    }

    @Test
    void shouldHaveAllThatWasAcknowledgedWheneverTheProcessIsKilled() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long acknowledged = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            long before = acknowledged;
            Process child = saver();
            try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
                int saves = 1 + random.nextInt(30);
                for (int i = 0; i < saves; i++) {
                    acknowledged = number(output.readLine());
                }
                LockSupport.parkNanos(random.nextInt(5_000_000)); // somewhere in the midst of a save
                kill(child);
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    // The last line may be cut.
                    acknowledged = line.endsWith(".") ? number(line) : acknowledged;
                }
            } finally {
                child.destroyForcibly();
            }
            assertThat(child.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();

            assertThat(acknowledged).isGreaterThan(before);
            assertThatSavesAreWhole(acknowledged, "seed " + seed + ", kill " + kill);
        }
    }

    /** With SIGKILL, and without closing the stream of what it has said. */
    private static void kill(Process child) {
        child.toHandle().destroyForcibly();
    }

    private static long number(String line) {
        assertThat(line).as("line of the child").matches("saved \\d+\\.");
        return Long.parseLong(line.substring("saved ".length(), line.length() - 1));
    }

    /** One more may be there than was acknowledged; but it is there in all partitions, or in none. */
    private void assertThatSavesAreWhole(long acknowledged, String when) throws Exception {
        try (StateTable table = open()) {
            long last = ChildSaver.last(load(table, ChildSaver.PARTITIONS.get(0)));
            assertThat(last).as(when).isBetween(acknowledged, acknowledged + 1);
            for (String partition : ChildSaver.PARTITIONS) {
                assertThat(load(table, partition))
                        .as("%s, %s", when, partition)
                        .isEqualTo(ChildSaver.expected(partition, last));
            }
        }
    }

    @Test
    void shouldWaitForAnotherProcessAndTakeOverAsSoonAsItIsGone() throws Exception {
        Process child = saver();
        try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8);
                StateTable table = open()) {
            number(output.readLine());

            assertThatThrownBy(() -> load(table, "p0"))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("state file " + directory.resolve("ratings~counts.states")
                            + " is in use by another process");

            kill(child);
            assertThat(child.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
            assertThat(load(table, "p0")).isNotEmpty();
        } finally {
            child.destroyForcibly();
        }
    }
}
