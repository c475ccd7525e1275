package dev.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A file that may grow no further, as on a disk that is full. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@EnabledOnOs({OS.LINUX, OS.MAC})
class DiskFullIT {

    /** In blocks of 512 bytes, as POSIX has it: 4 MiB. */
    private static final String LIMIT = "ulimit -f 8192; exec \"$@\"";

    @TempDir
    Path directory;

    @TempDir
    Path temporary;

    @Test
    void shouldWaitForRoomAndKeepWhatItHas() throws Exception {
        Process child = ChildJvm.start(ChildFiller.class, directory, temporary, List.of("sh", "-c", LIMIT, "limited"));
        try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine())
                    .startsWith("unavailable: state file " + directory.resolve("ratings~counts.states")
                            + " is not available: ");
            assertThat(output.readLine()).matches("kept ([1-9]\\d+) of \\1");
            assertThat(output.readLine()).isEqualTo("key 0: true");
        } finally {
            child.destroyForcibly();
        }
    }
}
