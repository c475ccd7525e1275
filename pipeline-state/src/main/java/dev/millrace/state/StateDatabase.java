package dev.millrace.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.spi.KeptState;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.zip.CRC32C;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/*
 * States in an SQLite database, which is open.
 *
 * Durable: with a journal that is truncated and synchronous = FULL, SQLite syncs the journal before it touches the file, the
 * file before it truncates the journal, and the truncation before a commit ends. What has been committed is in the file
 * itself, so that damage to a log cannot take it back in silence, as it could with the write-ahead log.
 *
 * Whole: SQLite finds pages that make no sense, but not values that have changed in place, and a key that has changed can
 * hide others from a search. So each state has a checksum, and the file is read through when it is opened. A page that
 * the disk has not written is sound as such, and so is each of its states: that is why the file holds the sum of all
 * checksums, too.
 *
 * Itself: the file counts its saves, so that an older copy that takes its place is not mistaken for it.
 */
final class StateDatabase {

    /** "mils", as the head of the file has it. */
    private static final int APPLICATION = 0x6D696C73;

    private static final int VERSION = 1;

    private static final String TABLE = """
            CREATE TABLE states (
                part TEXT NOT NULL,
                key BLOB NOT NULL,
                position INTEGER NOT NULL,
                state BLOB NOT NULL,
                checksum INTEGER NOT NULL,
                PRIMARY KEY (part, key)
            ) STRICT, WITHOUT ROWID""";

    private static final List<String> SAVES = List.of(
            "CREATE TABLE saves (number INTEGER NOT NULL, checksums INTEGER NOT NULL) STRICT",
            "INSERT INTO saves VALUES (0, 0)",
            trigger("INSERT", "new.checksum"),
            trigger("UPDATE", "new.checksum - old.checksum"),
            trigger("DELETE", "-old.checksum"));

    private static final String SELECT = "SELECT part, key, position, state, checksum FROM states";
    private static final String OF_PARTITION = SELECT + " WHERE part = ?";
    private static final String UPSERT = """
            INSERT INTO states (part, key, position, state, checksum) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (part, key) DO UPDATE
            SET position = excluded.position, state = excluded.state, checksum = excluded.checksum
            WHERE excluded.position >= position""";

    private static final String COUNT = "SELECT number FROM saves";
    /** With the lock to write, so that a save does not fail half-way where somebody else looks in. */
    private static final String BEGIN = "BEGIN IMMEDIATE";

    private static final String COMMIT = "COMMIT";

    private final Connection connection;
    private long saves;

    private StateDatabase(Connection connection) throws SQLException {
        this.connection = connection;
        this.saves = number(connection, COUNT);
    }

    /** What a failure says of the file. */
    enum Meaning {
        FULL_OR_BUSY,
        UNAVAILABLE,
        DAMAGED,
        OTHER
    }

    static Meaning meaningOf(SQLException failure) {
        if (!(failure instanceof SQLiteException sqlite)) {
            return Meaning.OTHER;
        }
        // The lowest byte is the kind of the failure, the others say more of it.
        return switch (SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xFF)) {
            case SQLITE_CORRUPT, SQLITE_NOTADB -> Meaning.DAMAGED;
            case SQLITE_BUSY, SQLITE_FULL -> Meaning.FULL_OR_BUSY;
            case SQLITE_CANTOPEN,
                    SQLITE_IOERR,
                    SQLITE_LOCKED,
                    SQLITE_NOMEM,
                    SQLITE_PERM,
                    SQLITE_PROTOCOL,
                    SQLITE_READONLY -> Meaning.UNAVAILABLE;
            default -> Meaning.OTHER;
        };
    }

    private static String trigger(String change, String difference) {
        return "CREATE TRIGGER at_" + change + " AFTER " + change
                + " ON states BEGIN UPDATE saves SET checksums = checksums + " + difference + "; END";
    }

    static Path journalOf(Path file) {
        return file.resolveSibling(file.getFileName() + "-journal");
    }

    /** Makes the file, which must not exist. */
    static void make(Path file) throws SQLException {
        try (Connection connection = connect(file, "rwc");
                Statement statement = connection.createStatement()) {
            statement.execute(BEGIN);
            statement.execute("PRAGMA application_id = " + APPLICATION);
            statement.execute("PRAGMA user_version = " + VERSION);
            statement.execute(TABLE);
            for (String each : SAVES) {
                statement.execute(each);
            }
            statement.execute(COMMIT);
        }
    }

    /** Opens a file that {@link #make} has made, and looks whether it is whole. */
    static StateDatabase open(Path file) throws SQLException {
        Connection connection = connect(file, "rw");
        try {
            check(connection);
            return new StateDatabase(connection);
        } catch (SQLException | RuntimeException | Error e) {
            close(connection);
            throw e;
        }
    }

    private static Connection connect(Path file, String mode) throws SQLException {
        // As a URI, in which no sign of the path is taken for an option.
        Connection connection = JDBC.createConnection(JDBC.PREFIX + file.toUri() + "?mode=" + mode, new Properties());
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = TRUNCATE");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA fullfsync = ON");
            statement.execute("PRAGMA cell_size_check = ON");
            return connection;
        } catch (SQLException | RuntimeException | Error e) {
            close(connection);
            throw e;
        }
    }

    private static void check(Connection connection) throws SQLException {
        long application = number(connection, "PRAGMA application_id");
        long version = number(connection, "PRAGMA user_version");
        if (application != APPLICATION) {
            throw damaged("it holds no states");
        }
        if (version != VERSION) {
            throw new SQLException("it is of version " + version + ", not " + VERSION);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN"); // or somebody else might write between two looks
            try (ResultSet found = statement.executeQuery("PRAGMA integrity_check(1)")) {
                if (!found.next() || !"ok".equals(found.getString(1))) {
                    throw damaged("its pages do not fit together");
                }
            }
            long checksums = 0;
            try (ResultSet found = statement.executeQuery(SELECT)) {
                while (found.next()) {
                    checksums += checksum(found.getString(1), state(found));
                }
            }
            if (checksums != number(connection, "SELECT checksums FROM saves")) {
                throw damaged("some of its states are not those that were saved last");
            }
            statement.execute(COMMIT);
        }
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(query)) {
            if (!found.next()) {
                throw damaged("it lacks a number");
            }
            return found.getLong(1);
        }
    }

    /** How many saves there are in the file, as far as this connection knows. */
    long saves() {
        return saves;
    }

    /** Whether nobody else has saved anything, nor put other content into the file. */
    boolean isAsItWas() throws SQLException {
        return number(connection, COUNT) == saves;
    }

    List<KeptState> load(String partition) throws SQLException {
        List<KeptState> states = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(OF_PARTITION)) {
            select.setString(1, partition);
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    states.add(state(found));
                }
            }
        }
        return states;
    }

    private static KeptState state(ResultSet found) throws SQLException {
        KeptState state = new KeptState(found.getBytes(2), found.getLong(3), found.getBytes(4));
        if (checksum(found.getString(1), state) != found.getInt(5)) {
            throw damaged("a state is not as it was saved");
        }
        return state;
    }

    void save(Map<String, List<KeptState>> changed) throws SQLException {
        execute(BEGIN);
        execute("UPDATE saves SET number = number + 1");
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            for (Map.Entry<String, List<KeptState>> partition : changed.entrySet()) {
                upsert.setString(1, partition.getKey());
                for (KeptState state : partition.getValue()) {
                    upsert.setBytes(2, state.key());
                    upsert.setLong(3, state.offset());
                    upsert.setBytes(4, state.state());
                    upsert.setInt(5, checksum(partition.getKey(), state));
                    upsert.executeUpdate();
                }
            }
        }
        execute(COMMIT);
        saves++;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /**
     * Whether a failure leaves the database as it was before the call, so that it need not be opened and read through
     * again: there was no room, or somebody else looks in.
     */
    boolean goesOnAfter(SQLException failure) {
        if (meaningOf(failure) != Meaning.FULL_OR_BUSY) {
            return false;
        }
        try {
            execute("ROLLBACK");
            return true;
        } catch (SQLException e) {
            // There is no transaction any more, for SQLite has rolled it back itself.
            return e instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_ERROR;
        }
    }

    /** What has not been committed is rolled back, now or by who opens the file next. */
    void close() {
        close(connection);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // Whoever closes has a failure to tell already, or is done.
        }
    }

    private static int checksum(String partition, KeptState state) {
        byte[] name = partition.getBytes(UTF_8);
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES)
                .putLong(state.offset())
                .putInt(name.length)
                .putInt(state.key().length)
                .flip());
        checksum.update(name);
        checksum.update(state.key());
        checksum.update(state.state());
        return (int) checksum.getValue();
    }

    private static SQLException damaged(String how) {
        return new SQLiteException(how, SQLiteErrorCode.SQLITE_CORRUPT);
    }
}
