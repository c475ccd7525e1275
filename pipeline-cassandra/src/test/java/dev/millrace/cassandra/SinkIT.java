package dev.millrace.cassandra;

import static dev.millrace.cassandra.Writing.records;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.QueryTrace;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.TraceEvent;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.spi.RefusedRecordException;
import dev.millrace.pipeline.spi.SinkWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SinkIT {

    private static final Instant EARLY = Instant.parse("2020-09-18T07:15:00Z");
    private static final Instant LATE = EARLY.plusSeconds(60);

    private final Cassandra cassandra = TestNode.cassandra();

    record User(String loginId, String userName, Integer age) {}

    private static String users() {
        return TestNode.table("login_id text PRIMARY KEY, user_name text, age int");
    }

    private static Row row(String table, String columns, String where) {
        return TestNode.session()
                .execute("SELECT " + columns + " FROM " + table + " WHERE " + where)
                .one();
    }

    @Test
    void shouldLeaveColumnsAsTheyAreWhenComponentsAreNull() throws Exception {
        String table = users();

        Writing.write(cassandra.sink(table, User.class), new User("a", "Anna", 30), new User("a", null, 31));

        Row row = row(table, "user_name, age", "login_id = 'a'");
        assertThat(row.getString(0)).isEqualTo("Anna");
        assertThat(row.getInt(1)).isEqualTo(31);
        assertThat(tombstones(table)).isZero();
    }

    @Test
    void shouldDeleteColumnsWhenComponentsAreNullAndThatIsAskedFor() throws Exception {
        String table = users();

        Writing.write(
                cassandra.sink(table, User.class).nullsDelete(), new User("a", "Anna", 30), new User("a", null, 31));

        Row row = row(table, "user_name, age", "login_id = 'a'");
        assertThat(row.getString(0)).isNull();
        assertThat(row.getInt(1)).isEqualTo(31);
        assertThat(tombstones(table)).isPositive();
    }

    /** What the server says it read, in a trace of reading everything. */
    private static int tombstones(String table) {
        QueryTrace trace = TestNode.session()
                .execute(SimpleStatement.newInstance("SELECT * FROM " + table).setTracing(true))
                .getExecutionInfo()
                .getQueryTrace();
        int tombstones = 0;
        boolean told = false;
        for (TraceEvent event : trace.getEvents()) {
            String activity = Objects.requireNonNull(event.getActivity());
            if (activity.contains("tombstone cells")) {
                told = true;
                tombstones += Integer.parseInt(activity.replaceAll(".* (\\d+) tombstone cells.*", "$1"));
            }
        }
        assertThat(told).as("the trace tells of tombstones").isTrue();
        return tombstones;
    }

    record Login(String loginId, Instant lastLogin) {}

    @Test
    void shouldNotGoBackwardsWhenAnOlderEventComesLate() throws Exception {
        String table = TestNode.table("login_id text PRIMARY KEY, last_login timestamp");
        CassandraSink<Login> sink = cassandra.sink(table, Login.class).writtenAt(Login::lastLogin);

        Writing.writeAt(1, sink, List.of(new Login("a", LATE), new Login("a", EARLY)));
        Writing.writeAt(2, sink, List.of(new Login("a", EARLY)));

        Row row = row(table, "last_login, writetime(last_login)", "login_id = 'a'");
        assertThat(row.getInstant(0)).isEqualTo(LATE);
        assertThat(row.getLong(1)).isEqualTo(LATE.toEpochMilli() * 1_000);
    }

    @Test
    void shouldNotOverwriteNewerDataWhenAWriteIsMadeAgain() throws Exception {
        String table = users();
        try (SinkWriter<User> writer = cassandra.sink(table, User.class).open(new TestContext())) {
            List<PipelineRecord<User>> first = records(5_000, new User("a", "first", 1));
            List<PipelineRecord<User>> second = records(6_000, new User("a", "second", 2));

            Writing.attempt(writer, first);
            Writing.attempt(writer, second);
            Writing.attempt(writer, first);
        }

        Row row = row(table, "user_name, writetime(user_name)", "login_id = 'a'");
        assertThat(row.getString(0)).isEqualTo("second");
        assertThat(row.getLong(1)).isEqualTo(6_000);
    }

    @Test
    void shouldKeepTheLastWhenABatchHoldsARowTwice() throws Exception {
        String table = TestNode.table("user text, n int, value int, PRIMARY KEY ((user), n)");
        record Cell(String user, int n, int value) {}
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            cells.add(new Cell("u" + i % 7, i % 11, i));
        }

        Writing.write(cassandra.sink(table, Cell.class), cells.toArray(new Cell[0]));

        for (Row row : TestNode.session().execute("SELECT user, n, value FROM " + table)) {
            int last = -1;
            for (Cell cell : cells) {
                if (cell.user().equals(row.getString(0)) && cell.n() == row.getInt(1)) {
                    last = cell.value();
                }
            }
            assertThat(row.getInt(2)).isEqualTo(last);
        }
    }

    @Test
    void shouldLetRowsExpireWhenAskedTo() throws Exception {
        String table = users();

        Writing.write(
                cassandra.sink(table, User.class).ttl(Duration.ofHours(1)).consistency(ConsistencyLevel.ALL),
                new User("a", "Anna", 30));

        assertThat(row(table, "ttl(user_name)", "login_id = 'a'").getInt(0)).isBetween(3_000, 3_600);
    }

    record Keyed(String part, String cluster, String value) {}

    record Single(String id, Optional<String> value) {}

    @Test
    void shouldRefuseOnlyTheRecordsWhoseKeyNoTableCanHold() throws Exception {
        String table = TestNode.table("part text, cluster text, value text, PRIMARY KEY ((part), cluster)");
        String tooLong = "x".repeat(65_536);

        Map<Integer, Throwable> failures = Writing.failures(
                cassandra.sink(table, Keyed.class),
                new Keyed("a", "1", "kept"),
                new Keyed(null, "1", "v"),
                new Keyed("", "1", "v"),
                new Keyed("a", null, "v"),
                new Keyed(tooLong, "1", "v"),
                new Keyed("a", tooLong, "v"),
                new Keyed("a", "", "kept"));

        assertThat(failures).containsOnlyKeys(1, 2, 3, 4, 5);
        assertThat(failures.values()).allMatch(RefusedRecordException.class::isInstance);
        assertThat(failures.get(1)).hasMessage("primary key column part must not be null");
        assertThat(failures.get(2)).hasMessage("primary key column part must not be empty");
        assertThat(failures.get(3)).hasMessage("primary key column cluster must not be null");
        assertThat(failures.get(4))
                .hasMessage("partition key of table " + table + " must be at most 65535 bytes, got 65536");
        assertThat(failures.get(5))
                .hasMessage("clustering columns of table " + table + " must be at most 65535 bytes, got 65536");
        assertThat(TestNode.session().execute("SELECT value FROM " + table).all())
                .hasSize(2)
                .allMatch(row -> "kept".equals(row.getString(0)));
    }

    @Test
    void shouldWriteTheLongestKeysThatATableTakes() throws Exception {
        String table = TestNode.table("part text, cluster text, value text, PRIMARY KEY ((part), cluster)");
        String longest = "x".repeat(65_535);

        Writing.write(
                cassandra.sink(table, Keyed.class), new Keyed(longest, "1", "kept"), new Keyed("a", longest, "kept"));

        assertThat(TestNode.session().execute("SELECT value FROM " + table).all())
                .hasSize(2)
                .allMatch(row -> "kept".equals(row.getString(0)));
    }

    /** Of a key of several columns the server stores the length and the end of each, too. */
    @Test
    void shouldWriteTheLongestKeyOfTwoColumnsAndRefuseALongerOne() throws Exception {
        String table = TestNode.table("part text, cluster text, value text, PRIMARY KEY ((part, cluster))");

        Map<Integer, Throwable> failures = Writing.failures(
                cassandra.sink(table, Keyed.class),
                new Keyed("a", "x".repeat(65_528), "kept"),
                new Keyed("a", "x".repeat(65_529), "v"));

        assertThat(failures).containsOnlyKeys(1);
        assertThat(failures.get(1))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage("partition key of table " + table + " must be at most 65535 bytes, got 65536");
        assertThat(TestNode.session().execute("SELECT value FROM " + table).all())
                .singleElement()
                .matches(row -> "kept".equals(row.getString(0)));
    }

    record Listed(String id, List<String> names) {}

    @Test
    void shouldRefuseARecordWhenAComponentCannotBeStored() throws Exception {
        String table = TestNode.table("id text PRIMARY KEY, names list<text>");
        List<String> withNull = new ArrayList<>();
        withNull.add(null);

        Map<Integer, Throwable> failures = Writing.failures(
                cassandra.sink(table, Listed.class), new Listed("a", withNull), new Listed("b", List.of("x")));

        assertThat(failures).containsOnlyKeys(0);
        assertThat(failures.get(0))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage("component 'names' cannot be stored in column names of type list<text>");
    }
}
