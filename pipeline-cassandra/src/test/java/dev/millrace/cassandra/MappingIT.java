package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.spi.Sink;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

class MappingIT {

    private static final String USERS =
            "login_id text, day date, \"userName\" text, visits bigint, seen timestamp, tags set<text>,"
                    + " PRIMARY KEY ((login_id), day)";

    private final Cassandra cassandra = TestNode.cassandra();

    record Misfit(String loginID2, int visits, LocalDateTime seen, List<String> tags, String usrName) {}

    @Test
    void shouldNameEveryMismatchWhenTheRecordDoesNotFit() {
        String table = TestNode.table(USERS);

        assertThatOpening(cassandra.sink(table, Misfit.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("record Misfit does not fit table " + table
                        + ": component 'loginID2' has no column 'login_id2' among"
                        + " [login_id, day, seen, tags, userName, visits], name it with column(\"loginID2\", \"login_id\")"
                        + "; component 'visits' is int, but column visits is bigint, which takes Long"
                        + "; component 'seen' is LocalDateTime, but column seen is timestamp, which takes Instant"
                        + "; component 'tags' is List<String>, but column tags is set<text>, which takes Set<String>"
                        + "; component 'usrName' has no column 'usr_name' among"
                        + " [login_id, day, seen, tags, userName, visits], name it with column(\"usrName\", \"userName\")"
                        + "; primary key column login_id has no component"
                        + "; primary key column day has no component");
    }

    record Doubled(String loginId, String login_id, java.time.LocalDate day) {}

    @Test
    void shouldRefuseTwoComponentsWhenTheyBelongToOneColumn() {
        String table = TestNode.table(USERS);

        assertThatOpening(cassandra.sink(table, Doubled.class))
                .hasMessage("record Doubled does not fit table " + table
                        + ": components 'loginId' and 'login_id' both belong to column login_id");
    }

    record Visit(String id, java.time.LocalDate day, String userName, Object scratch) {}

    @Test
    void shouldFollowTheNamesGivenWhenTheyDiffer() throws Exception {
        String table = TestNode.table(USERS);

        Writing.write(
                cassandra.sink(table, Visit.class).column("id", "login_id").without("scratch"),
                new Visit("a", java.time.LocalDate.EPOCH, "Anna", this));

        assertThat(TestNode.session()
                        .execute("SELECT \"userName\" FROM " + table + " WHERE login_id = 'a'")
                        .one()
                        .getString(0))
                .isEqualTo("Anna");
    }

    record Key(String id) {}

    @Test
    void shouldSayWhatThereIsWhenKeyspaceOrTableIsMissing() {
        assertThatOpening(cassandra.sink("nowhere.users", Key.class))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .startsWith("keyspace nowhere does not exist; there are: ")
                .contains("test")
                .doesNotContain("system");
        TestNode.session().execute("CREATE TABLE IF NOT EXISTS test.users (id text PRIMARY KEY)");
        assertThatOpening(cassandra.sink("test.user", Key.class))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .startsWith("table user does not exist in keyspace test; there are: ")
                .contains("users");
        assertThatThrownBy(() ->
                        cassandra.table("test.user", Key.class).keyedBy("id").open(new TestContext()))
                .hasMessageStartingWith("table user does not exist in keyspace test; there are: ");
    }

    record Hits(String page, long hits) {}

    @Test
    void shouldRefuseCountersSinceTheyCountTwice() {
        String table = TestNode.table("page text PRIMARY KEY, hits counter");

        assertThatOpening(cassandra.sink(table, Hits.class))
                .hasMessage("table " + table + " has counters, which count twice when a write is made again");
    }

    record Odd(String id, String evil) {}

    @Test
    void shouldQuoteNamesWhenTheyLookLikeCql() throws Exception {
        String odd = "\"odd; DROP TABLE \"\"" + ThreadLocalRandom.current().nextInt(1_000_000) + "\"\"\"";
        TestNode.session().execute("CREATE TABLE test.\"odd\" (id text PRIMARY KEY, " + odd + " text)");
        String column = odd.substring(1, odd.length() - 1).replace("\"\"", "\"");

        Writing.write(
                cassandra.sink("test.\"odd\"", Odd.class).column("evil", column), new Odd("a", "'; DROP TABLE x; --"));

        assertThat(TestNode.session()
                        .execute("SELECT " + odd + " FROM test.\"odd\"")
                        .one()
                        .getString(0))
                .isEqualTo("'; DROP TABLE x; --");
        TestNode.session().execute("DROP TABLE test.\"odd\"");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertThatOpening(Sink<?> sink) {
        return assertThatThrownBy(() -> sink.open(new TestContext()));
    }
}
