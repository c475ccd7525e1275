package dev.millrace.state;

import static dev.millrace.state.States.load;
import static dev.millrace.state.States.save;
import static dev.millrace.state.States.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.StateTable;
import dev.millrace.pipeline.spi.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file that is not what was saved: it fails and says so, and never counts as empty, nor in part as older than it is.
 */
class DamagedFileTest {

    private static final int SAVES = 20;
    private static final int KEYS = 50;
    private static final int FLIPS = 300;
    private static final int PAGE = 4096;

    @TempDir
    Path directory;

    private Path file;
    private byte[] whole;
    private Map<String, String> states;

    @BeforeEach
    void saveStates() throws Exception {
        file = directory.resolve("ratings~counts.states");
        try (StateTable table = open()) {
            for (int i = 0; i < SAVES; i++) {
                int save = i;
                save(
                        table,
                        "p",
                        IntStream.range(0, KEYS)
                                .mapToObj(key -> state("key " + key, save, "state of key " + key + " after " + save))
                                .toArray(KeptState[]::new));
            }
            states = load(table, "p");
        }
        whole = Files.readAllBytes(file);
        assertThat(states).hasSize(KEYS);
    }

    private StateTable open() throws Exception {
        return StateDirectory.at(directory).open(new TestContext());
    }

    private void assertThatItFails(byte[] content) throws Exception {
        Files.write(file, content);
        try (StateTable table = open()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> load(table, "p"))
                        .isInstanceOf(StageFailedException.class)
                        .hasMessageStartingWith("state file " + file + " is damaged: ")
                        .hasMessageEndingWith(
                                "; put a copy in its place and delete ratings~counts.states-journal beside it,"
                                        + " or delete both and begin anew");
            }
        }
        assertThat(Files.readAllBytes(file)).as("left as it is").isEqualTo(content);
    }

    @Test
    void shouldFailWhenTheFileIsCutShort() throws Exception {
        assertThatItFails(new byte[0]);
        assertThatItFails(Arrays.copyOf(whole, 100));
        assertThatItFails(Arrays.copyOf(whole, whole.length / 2));
        assertThatItFails(Arrays.copyOf(whole, whole.length - 4096));
    }

    @Test
    void shouldFailWhenAStateHasChanged() throws Exception {
        byte[] state = "state of key 17 after 19".getBytes(StandardCharsets.UTF_8);
        int at = new String(whole, StandardCharsets.ISO_8859_1).indexOf(new String(state, StandardCharsets.ISO_8859_1));
        byte[] changed = whole.clone();
        changed[at + state.length - 1] = '8';

        assertThatItFails(changed);
    }

    @Test
    void shouldFailWhenAPageIsMissing() throws Exception {
        byte[] changed = whole.clone();
        Arrays.fill(changed, changed.length - 4096, changed.length, (byte) 0);

        assertThatItFails(changed);
    }

    /** Which is sound in itself: the disk has acknowledged it, and not written it. */
    @Test
    void shouldFailWhenAPageIsThatOfAFormerSave() throws Exception {
        byte[] before = whole;
        try (StateTable table = open()) {
            save(table, "p", state("key 17", SAVES, "state of key 17 after 20"));
        }
        byte[] after = Files.readAllBytes(file);
        assertThat(after).hasSameSizeAs(before);
        int pages = 0;
        // The first one holds no states, but what they are in.
        for (int at = PAGE; at < after.length; at += PAGE) {
            if (!Arrays.equals(before, at, at + PAGE, after, at, at + PAGE)) {
                byte[] changed = after.clone();
                System.arraycopy(before, at, changed, at, PAGE);
                if (holdsStates(changed, at)) {
                    assertThatItFails(changed);
                    pages++;
                }
            }
        }
        assertThat(pages).isPositive();
    }

    private static boolean holdsStates(byte[] file, int page) {
        return new String(file, page, PAGE, StandardCharsets.ISO_8859_1).contains("state of key 17");
    }

    @Test
    void shouldFailWhenTheFileIsAnother() throws Exception {
        assertThatItFails("user,movie,rating\n".repeat(300).getBytes(StandardCharsets.UTF_8));

        Path other = directory.resolve("other.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + other)) {
            connection.createStatement().execute("CREATE TABLE states (part, key, position, state, checksum)");
        }
        assertThatItFails(Files.readAllBytes(other));
    }

    @Test
    void shouldFailWhenTheFileIsOfALaterVersion() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            connection.createStatement().execute("PRAGMA user_version = 2");
        }
        try (StateTable table = open()) {
            assertThatThrownBy(() -> load(table, "p"))
                    .isInstanceOf(StageFailedException.class)
                    .hasMessage("state file " + file + ": it is of version 2, not 1");
        }
    }

    @Test
    void shouldLoadWhatWasSavedOrFailWheneverAByteHasChanged() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int failures = 0;
        for (int i = 0; i < FLIPS; i++) {
            byte[] changed = whole.clone();
            int at = random.nextInt(i % 3 == 0 ? 200 : changed.length);
            changed[at] ^= (byte) (1 + random.nextInt(255));
            Files.write(file, changed);
            try (StateTable table = open()) {
                assertThat(load(table, "p")).as("seed %d, byte %d", seed, at).isEqualTo(states);
            } catch (StageFailedException | UnavailableException e) {
                assertThat(e).hasMessageContaining(file.toString());
                failures++;
            }
        }
        assertThat(failures).as("seed %d", seed).isPositive();
    }
}
