package dev.millrace.state;

import static dev.millrace.state.States.load;
import static dev.millrace.state.States.save;
import static dev.millrace.state.States.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.StateTable;
import dev.millrace.pipeline.spi.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class StateDirectoryTest {

    @TempDir
    Path directory;

    private Path states() {
        return directory.resolve("kept/states");
    }

    private Path file() {
        return states().resolve("ratings~counts.states");
    }

    private StateTable open() throws Exception {
        return StateDirectory.at(states()).open(new TestContext());
    }

    @Test
    void shouldMakeItsFileWhenItIsFirstNeeded() throws Exception {
        try (StateTable table = open()) {
            assertThat(states()).doesNotExist();
            load(table, "p");
            assertThat(file()).exists();
        }
    }

    @Test
    void shouldHaveOneFileForEachPipelineAndStage() throws Exception {
        for (String[] names : new String[][] {{"a", "b"}, {"../a", "b"}, {"A", "b"}}) {
            try (StateTable table = StateDirectory.at(states()).open(new TestContext(names[0], names[1]))) {
                save(table, "p", state("k", 1, "s"));
                save(table, "q", state("k", 1, "s"));
            }
        }
        try (Stream<Path> files = Files.list(states())) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".states")))
                    .containsExactlyInAnyOrder("a~b.states", "%2e%2e%2fa~b.states", "%41~b.states");
        }
        assertThat(directory.resolve("kept")).isDirectoryContaining(file -> file.equals(states()));
    }

    @Test
    void shouldWaitWhenTheFileIsInUseAndGoOnWhenItIsNot() throws Exception {
        try (StateTable first = open();
                StateTable second = open()) {
            save(first, "p", state("k", 1, "s"));

            assertThatThrownBy(() -> load(second, "p"))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("state file " + file() + " is in use by this process already");
            first.close();

            assertThat(load(second, "p")).isEqualTo(Map.of("k", "1 s"));
        }
    }

    @Test
    void shouldRefuseToOpenWhenThereIsNoDirectoryButAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> StateDirectory.at(file).open(new TestContext()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("states need a directory, got the file " + file);
    }

    @Test
    void shouldWaitWhenTheDirectoryIsGoneAndGoOnWhenItIsBack() throws Exception {
        Path elsewhere = directory.resolve("elsewhere");
        try (StateTable table = open()) {
            save(table, "p", state("k", 1, "first"));
            Files.move(states(), elsewhere);

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> save(table, "p", state("k", 2, "second")))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining(file().toString());
                assertThatThrownBy(() -> load(table, "p")).isInstanceOf(UnavailableException.class);
            }
            Files.move(elsewhere, states());
            assertThat(load(table, "p")).isEqualTo(Map.of("k", "1 first"));
            save(table, "p", state("k", 2, "second"));
        }
        try (StateTable table = open()) {
            assertThat(load(table, "p")).isEqualTo(Map.of("k", "2 second"));
        }
    }

    @Test
    void shouldWaitForItsOwnFileWhenAnotherOneHasTakenItsPlace() throws Exception {
        Path old = Files.copy(made("k", "old"), directory.resolve("old"));
        Path own = directory.resolve("own");
        try (StateTable table = open()) {
            save(table, "p", state("k", 2, "new"));
            Files.move(file(), own);
            Files.copy(old, file());

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> save(table, "p", state("other", 3, "newer")))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining(file().toString());
            }
            Files.delete(file());
            assertThatThrownBy(() -> load(table, "p")).isInstanceOf(UnavailableException.class);
            assertThat(file()).doesNotExist();

            Files.move(own, file());
            assertThat(load(table, "p")).containsEntry("k", "2 new");
        }
    }

    /** Written over it, so that the file system has it for the same file. */
    @Test
    void shouldWaitForItsOwnContentWhenAnOlderOneHasTakenItsPlace() throws Exception {
        byte[] old = Files.readAllBytes(made("k", "old"));
        try (StateTable table = open()) {
            save(table, "p", state("k", 2, "new"));
            byte[] own = Files.readAllBytes(file());
            Files.write(file(), old);

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> save(table, "p", state("other", 3, "newer")))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining(file().toString());
                assertThatThrownBy(() -> load(table, "p")).isInstanceOf(UnavailableException.class);
            }
            assertThat(Files.readAllBytes(file())).as("left as it is").isEqualTo(old);

            Files.write(file(), own);
            save(table, "p", state("other", 3, "newer"));
            assertThat(load(table, "p")).isEqualTo(Map.of("k", "2 new", "other", "3 newer"));
        }
    }

    @Test
    void shouldWaitWhileSomebodyElseWritesAndNotReadTheWholeFileAgain() throws Exception {
        made("k", "as it was saved");
        try (StateTable table = open()) {
            load(table, "p");
            byte[] whole = Files.readAllBytes(file());
            try (Connection stranger = DriverManager.getConnection("jdbc:sqlite:" + file());
                    Statement statement = stranger.createStatement()) {
                statement.execute("BEGIN EXCLUSIVE");
                assertThatThrownBy(() -> save(table, "q", state("k", 2, "one")))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("SQLITE_BUSY");
            }
            // Whoever reads all of it finds this out.
            int at = new String(whole, StandardCharsets.ISO_8859_1).indexOf("as it was saved");
            whole[at] = 'X';
            Files.write(file(), whole);

            try (StateTable other = StateDirectory.at(copied(whole)).open(new TestContext())) {
                assertThatThrownBy(() -> load(other, "q")).isInstanceOf(StageFailedException.class);
            }

            save(table, "q", state("k", 2, "one"));
        }
    }

    /** A directory with this file in it. */
    private Path copied(byte[] content) throws Exception {
        Path copy = Files.createDirectory(directory.resolve("copy"));
        Files.write(copy.resolve(file().getFileName()), content);
        return copy;
    }

    @Test
    void shouldSayThatItBeginsAnew() throws Exception {
        List<String> warnings = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord log) {
                warnings.add(log.getLevel() + " " + new SimpleFormatter().formatMessage(log));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.millrace.state");
        logger.addHandler(handler);
        try {
            made("k", "one");
            made("k", "two");
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(warnings)
                .containsExactly(
                        "WARNING state file " + file() + " is not there and is made: its stage begins with nothing");
    }

    @Test
    void shouldWaitForAFileThatIsToBeThere() throws Exception {
        Path volume = directory.resolve("volume");
        made("k", "one");
        Files.move(directory.resolve("kept"), volume);
        try (StateTable table = StateDirectory.at(states()).existing().open(new TestContext())) {
            assertThatThrownBy(() -> load(table, "p")).isInstanceOf(UnavailableException.class);
            assertThat(states()).doesNotExist();
            Files.createDirectories(states());
            assertThatThrownBy(() -> load(table, "p"))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("state file " + file()
                            + " is not there, and is not to be begun anew; mount its volume, or put it back");
            assertThat(file()).doesNotExist();
            Files.move(volume.resolve("states").resolve(file().getFileName()), file());

            assertThat(load(table, "p")).isEqualTo(Map.of("k", "1 one"));
        }
    }

    @Test
    void shouldLeaveNothingBesideItsFileButItsJournalAndItsLock() throws Exception {
        made("k", "one");

        try (Stream<Path> files = Files.list(states())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsOnly(
                            "ratings~counts.states", "ratings~counts.states-journal", "ratings~counts.states.lock");
        }
    }

    /** The file of one state. */
    private Path made(String key, String state) throws Exception {
        try (StateTable table = open()) {
            save(table, "p", state(key, 1, state));
        }
        return file();
    }

    @Test
    void shouldSayWhereItKeepsStates() {
        assertThat(StateDirectory.at(Path.of("states")).describe()).isEqualTo("directory states");
        assertThat(StateDirectory.at(Path.of("states"))).hasToString("directory states");
    }

    @Test
    void shouldTellDamageFromWhatPasses() {
        for (SQLiteErrorCode passing : List.of(SQLiteErrorCode.SQLITE_FULL, SQLiteErrorCode.SQLITE_BUSY)) {
            assertThat(StateDatabase.meaningOf(new SQLiteException("", passing)))
                    .as("%s", passing)
                    .isEqualTo(StateDatabase.Meaning.FULL_OR_BUSY);
        }
        for (SQLiteErrorCode passing : List.of(
                SQLiteErrorCode.SQLITE_IOERR_FSYNC,
                SQLiteErrorCode.SQLITE_IOERR_WRITE,
                SQLiteErrorCode.SQLITE_CANTOPEN,
                SQLiteErrorCode.SQLITE_READONLY_DBMOVED)) {
            assertThat(StateDatabase.meaningOf(new SQLiteException("", passing)))
                    .as("%s", passing)
                    .isEqualTo(StateDatabase.Meaning.UNAVAILABLE);
        }
        for (SQLiteErrorCode damage : List.of(
                SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_CORRUPT_INDEX, SQLiteErrorCode.SQLITE_NOTADB)) {
            assertThat(StateDatabase.meaningOf(new SQLiteException("", damage)))
                    .as("%s", damage)
                    .isEqualTo(StateDatabase.Meaning.DAMAGED);
        }
        assertThat(StateDatabase.meaningOf(new SQLiteException("", SQLiteErrorCode.SQLITE_TOOBIG)))
                .isEqualTo(StateDatabase.Meaning.OTHER);
    }
}
