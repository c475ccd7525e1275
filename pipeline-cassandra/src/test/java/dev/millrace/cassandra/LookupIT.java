package dev.millrace.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import dev.millrace.pipeline.spi.Lookup;
import dev.millrace.pipeline.spi.RefusedRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LookupIT {

    record User(String loginId, String userName, Instant lastLogin) {}

    /** Fewer than the driver lets through a connection. */
    private static final int AT_ONCE = 500;

    private final TestContext context = new TestContext();
    private final CountingTracker reads = new CountingTracker();
    private CqlSession session;
    private Cassandra cassandra;
    private String users;

    @BeforeEach
    void connect() {
        users = TestNode.table("login_id text PRIMARY KEY, user_name text, last_login timestamp, other blob");
        session = TestNode.session(TestNode.server(), builder -> builder.addRequestTracker(reads));
        cassandra = Cassandra.using(session);
    }

    @AfterEach
    void disconnect() {
        session.close();
    }

    private void insert(String id, String name) {
        TestNode.session().execute("INSERT INTO " + users + " (login_id, user_name) VALUES (?, ?)", id, name);
    }

    /** That many users, {@code user0} with {@code name0} first. */
    private void insertMany(int rows) {
        PreparedStatement insert =
                TestNode.session().prepare("INSERT INTO " + users + " (login_id, user_name) VALUES (?, ?)");
        for (int from = 0; from < rows; from += AT_ONCE) {
            CompletableFuture<?>[] answers = IntStream.range(from, Math.min(from + AT_ONCE, rows))
                    .mapToObj(i -> TestNode.session().executeAsync(insert.bind("user" + i, "name" + i)))
                    .map(CompletionStage::toCompletableFuture)
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(answers).join();
        }
    }

    private CassandraLookup<Object, User> byId() {
        return cassandra.table(users, User.class).keyedBy("login_id");
    }

    private static <K, V> Optional<V> find(Lookup<K, V> lookup, K key) throws Exception {
        return lookup.find(key).toCompletableFuture().get(5, TimeUnit.MINUTES);
    }

    @Test
    void shouldFindAUserWhenAddedAfterItWasMissed() throws Exception {
        insert("100087", "Abdul");
        try (Lookup<Object, User> lookup = byId().open(context)) {
            assertThat(find(lookup, "100087")).contains(new User("100087", "Abdul", null));
            assertThat(find(lookup, "100009")).isEmpty();

            insert("100009", "Alisha");

            assertThat(find(lookup, "100009")).contains(new User("100009", "Alisha", null));
        }
    }

    @Test
    void shouldReadOnceWhenManyAskAtOnce() throws Exception {
        insert("a", "Anna");
        try (Lookup<Object, User> lookup = byId().open(context)) {
            TestNode.pause();
            List<CompletableFuture<Optional<User>>> answers = new ArrayList<>();
            try {
                for (int i = 0; i < 1_000; i++) {
                    answers.add(lookup.find("a").toCompletableFuture());
                }
            } finally {
                TestNode.resume();
            }
            for (CompletableFuture<Optional<User>> answer : answers) {
                assertThat(answer.get(5, TimeUnit.MINUTES)).map(User::userName).contains("Anna");
            }
        }
        session.close();
        assertThat(reads.of(users)).isEqualTo(1);
    }

    @Test
    void shouldReadAgainOnlyWhenTheAnswerIsNoLongerFresh() throws Exception {
        insert("a", "Anna");
        try (Lookup<Object, User> lookup =
                byId().freshFor(Duration.ofSeconds(30)).open(context)) {
            assertThat(find(lookup, "a")).map(User::userName).contains("Anna");
            insert("a", "Berta");
            context.advance(Duration.ofSeconds(29));
            assertThat(find(lookup, "a")).map(User::userName).contains("Anna");
            reads.awaitOf(users, 1);

            context.advance(Duration.ofSeconds(1));

            assertThat(find(lookup, "a")).map(User::userName).contains("Berta");
            reads.awaitOf(users, 2);
        }
    }

    @Test
    void shouldKeepMissesForATimeOfTheirOwnWhenAsked() throws Exception {
        insert("a", "Anna");
        try (Lookup<Object, User> lookup = byId().freshFor(Duration.ofMinutes(10))
                .missesFreshFor(Duration.ofSeconds(1))
                .open(context)) {
            assertThat(find(lookup, "a")).isPresent();
            assertThat(find(lookup, "b")).isEmpty();
            assertThat(find(lookup, "b")).isEmpty();
            reads.awaitOf(users, 2);
            insert("b", "Berta");

            context.advance(Duration.ofSeconds(1));

            assertThat(find(lookup, "b")).isPresent();
            assertThat(find(lookup, "a")).isPresent();
            reads.awaitOf(users, 3);
        }
    }

    @Test
    void shouldReadAnAnswerAnewThatIsAskedForOftenAndKeepNobodyWaiting() throws Exception {
        insert("a", "Anna");
        try (Lookup<Object, User> lookup = byId().freshFor(Duration.ofMinutes(10))
                .refreshAfter(Duration.ofMinutes(1))
                .open(context)) {
            assertThat(find(lookup, "a")).map(User::userName).contains("Anna");
            insert("a", "Berta");
            context.advance(Duration.ofSeconds(59));
            assertThat(find(lookup, "a")).map(User::userName).contains("Anna");
            reads.awaitOf(users, 1);

            context.advance(Duration.ofSeconds(1));
            TestNode.pause();
            try {
                assertThat(lookup.find("a").toCompletableFuture()).isCompleted();
                assertThat(find(lookup, "a")).map(User::userName).contains("Anna");
            } finally {
                TestNode.resume();
            }
            reads.awaitOf(users, 2);
            await(() -> find(lookup, "a").orElseThrow().userName().equals("Berta"));
            reads.awaitOf(users, 2);
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void shouldAskForNothingThatItHasReadAtTheStart() throws Exception {
        int rows = 6_000; // more than a page
        insertMany(rows);
        try (Lookup<Object, User> lookup =
                byId().freshFor(Duration.ofHours(1)).preloaded().open(context)) {
            reads.awaitOf(users, 2);
            for (int i = 0; i < rows; i++) {
                assertThat(find(lookup, "user" + i)).map(User::userName).contains("name" + i);
            }
            insert("late", "Later");
            assertThat(find(lookup, "late")).isPresent();
            reads.awaitOf(users, 3);
            assertThat(lookup.cache().orElseThrow().size()).isEqualTo(rows + 1);
        }
    }

    @Test
    void shouldKeepNoMoreOfATableThanItMayAndSaySo() throws Exception {
        insertMany(20);
        try (LogCapture log = new LogCapture();
                Lookup<Object, User> lookup = byId().freshFor(Duration.ofHours(1))
                        .maxEntries(10)
                        .preloaded()
                        .open(context)) {
            assertThat(lookup.cache().orElseThrow().size()).isEqualTo(10);
            assertThat(log.text())
                    .contains("table " + users + " holds more rows than the 10 that maxEntries allows to keep");
            for (int i = 0; i < 20; i++) {
                assertThat(find(lookup, "user" + i)).isPresent();
            }
        }
    }

    @Test
    void shouldReadOfEachPartitionTheRowThatALookUpFinds() throws Exception {
        String ratings = TestNode.table("user_name text, year int, month int, rating int, rest int static,"
                + " PRIMARY KEY ((user_name, year), month)) WITH CLUSTERING ORDER BY (month DESC");
        Writing.write(
                TestNode.cassandra().sink(ratings, Rating.class),
                new Rating("a", 2025, 3, 7),
                new Rating("a", 2025, 4, 8),
                new Rating("b", 2025, 3, 9));
        TestNode.session().execute("INSERT INTO " + ratings + " (user_name, year, rest) VALUES ('c', 2025, 1)");
        CassandraTable<Rating> table = cassandra.table(ratings, Rating.class);

        try (Lookup<OfYear, Rating> latest = table.keyedBy(OfYear.class)
                        .freshFor(Duration.ofHours(1))
                        .preloaded()
                        .open(context);
                Lookup<WholeKey, Rating> exact = table.keyedBy(WholeKey.class)
                        .freshFor(Duration.ofHours(1))
                        .preloaded()
                        .open(context)) {
            reads.awaitOf(ratings, 2);
            assertThat(find(latest, new OfYear("a", 2025))).contains(new Rating("a", 2025, 4, 8));
            assertThat(find(latest, new OfYear("b", 2025))).contains(new Rating("b", 2025, 3, 9));
            assertThat(find(exact, new WholeKey(3, "a", 2025))).contains(new Rating("a", 2025, 3, 7));
            reads.awaitOf(ratings, 2);
            assertThatThrownBy(() -> find(latest, new OfYear("c", 2025)))
                    .as("as without reading ahead")
                    .hasCauseInstanceOf(RefusedRecordException.class);
        }
    }

    @Test
    void shouldRefuseOptionsThatDoNotFitEachOther() {
        assertThatThrownBy(() -> byId().preloaded().open(context))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("preloaded needs freshFor, or nothing is kept");
        assertThatThrownBy(() -> byId().freshFor(Duration.ofSeconds(5))
                        .refreshAfter(Duration.ofSeconds(5))
                        .open(context))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("refreshAfter must be shorter than freshFor, which is PT5S, got PT5S");
    }

    @Test
    void shouldForgetAnswersWhenThereAreTooMany() throws Exception {
        try (Lookup<Object, User> lookup =
                byId().freshFor(Duration.ofDays(1)).maxEntries(10).open(context)) {
            for (int i = 0; i < 100; i++) {
                find(lookup, "user" + i);
            }
            for (int i = 0; i < 100; i++) {
                find(lookup, "user" + i);
            }
        }
        session.close();
        assertThat(reads.of(users)).isGreaterThanOrEqualTo(190);
    }

    @Test
    void shouldHaveNoAnswerWhenTheKeyIsNullOrEmpty() throws Exception {
        try (Lookup<Object, User> lookup = byId().open(context)) {
            assertThat(find(lookup, null)).isEmpty();
            assertThat(find(lookup, "")).isEmpty();
        }
        session.close();
        assertThat(reads.of(users)).isZero();
    }

    @Test
    void shouldRefuseAKeyWhenItsTypeDoesNotFit() throws Exception {
        try (Lookup<Object, User> lookup = byId().open(context)) {
            assertThatThrownBy(() -> lookup.find(100_087))
                    .isInstanceOf(RefusedRecordException.class)
                    .hasMessage("key for column login_id of type text must be String, got java.lang.Integer");
        }
    }

    record Rating(String userName, int year, int month, int rating) {}

    record OfYear(String userName, int year) {}

    record WholeKey(Integer month, String userName, int year) {}

    record Wrong(String userName, int month) {}

    @Test
    void shouldLookUpBySeveralColumnsWhenTheKeyIsARecord() throws Exception {
        String ratings = TestNode.table("user_name text, year int, month int, rating int,"
                + " PRIMARY KEY ((user_name, year), month)) WITH CLUSTERING ORDER BY (month DESC");
        Writing.write(
                TestNode.cassandra().sink(ratings, Rating.class),
                new Rating("a", 2025, 3, 7),
                new Rating("a", 2025, 4, 8),
                new Rating("b", 2025, 3, 9));
        CassandraTable<Rating> table = cassandra.table(ratings, Rating.class);

        try (Lookup<OfYear, Rating> latest = table.keyedBy(OfYear.class).open(context);
                Lookup<WholeKey, Rating> exact = table.keyedBy(WholeKey.class).open(context)) {
            assertThat(find(latest, new OfYear("a", 2025))).contains(new Rating("a", 2025, 4, 8));
            assertThat(find(exact, new WholeKey(3, "a", 2025))).contains(new Rating("a", 2025, 3, 7));
            assertThat(find(exact, new WholeKey(5, "a", 2025))).isEmpty();
            assertThat(find(exact, new WholeKey(null, "a", 2025))).isEmpty();
        }
        assertThatThrownBy(() -> table.keyedBy(Wrong.class).open(context))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "key must be the partition key [user_name, year] or the primary key [user_name, year, month]"
                                + " of table " + ratings + ", got [user_name, month]");
        assertThatThrownBy(() -> table.keyedBy("userName").open(context))
                .hasMessage("key must be a column of table " + ratings
                        + " [user_name, year, month, rating], got 'userName'");
    }

    record Stranger(String loginId, int age) {}

    @Test
    void shouldNameTheMismatchWhenTheRecordDoesNotFit() {
        assertThatThrownBy(() -> cassandra
                        .table(users, Stranger.class)
                        .keyedBy("login_id")
                        .open(context))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("record Stranger does not fit table " + users
                        + ": component 'age' has no column 'age' among [login_id, last_login, other, user_name]");
    }
}
