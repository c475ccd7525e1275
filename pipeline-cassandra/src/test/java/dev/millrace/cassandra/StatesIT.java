package dev.millrace.cassandra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.StateTable;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class StatesIT {

    private static final Duration RECOVERY = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private static String table() {
        return TestNode.table(StatesContractIT.COLUMNS);
    }

    private static StateTable open(String table) {
        return TestNode.cassandra().states(table).open(new TestContext());
    }

    private static KeptState state(String key, long offset, String state) {
        return new KeptState(key.getBytes(UTF_8), offset, state.getBytes(UTF_8));
    }

    private static List<KeptState> states(int count, long offset) {
        return IntStream.range(0, count)
                .mapToObj(i -> state("key " + i, offset, "state " + i))
                .toList();
    }

    private static void save(StateTable table, KeptState... states) throws Exception {
        answer(table.save(Map.of("p", List.of(states))));
    }

    private static Map<String, String> load(StateTable table) throws Exception {
        Map<String, String> states = new TreeMap<>();
        for (KeptState state : answer(table.load("p"))) {
            states.put(new String(state.key(), UTF_8), state.offset() + " " + new String(state.state(), UTF_8));
        }
        return states;
    }

    private static <T> T answer(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(2, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Calls again while the cluster is unavailable, as the engine does. */
    private static <T> T untilAvailable(Callable<T> call) throws Exception {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        while (true) {
            try {
                return call.call();
            } catch (UnavailableException e) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    @Test
    void shouldNotOpenWhenTheTableIsMissing() {
        assertThatThrownBy(() -> open("test.no_such_states"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("table no_such_states does not exist in keyspace test; there are: ");
    }

    @Test
    void shouldNameAllMismatchesWhenTheTableIsAnother() {
        String table = TestNode.table("pipeline text, stage text, partition int, key text, place bigint,"
                + " state blob static, PRIMARY KEY (pipeline, key)");

        assertThatThrownBy(() -> open(table))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("table " + table + " cannot keep states: it must have a column partition text, got int;"
                        + " it must have a column key blob, got text; it has no column position bigint;"
                        + " column state blob must not be static; its primary key must be"
                        + " ((pipeline, stage, partition), key), got ((pipeline), key)");
    }

    @Test
    void shouldRefuseATableWhoseRowsExpire() {
        String table = TestNode.table(
                StatesContractIT.COLUMNS + ") WITH default_time_to_live = 86400 AND CLUSTERING ORDER BY (key ASC");

        assertThatThrownBy(() -> open(table))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("table " + table
                        + " cannot keep states: its default_time_to_live must be 0, got 86400: states would be gone");
    }

    @Test
    void shouldKeepTheStateOfTheNewOwnerWhenTheFormerOneGoesOnWriting() throws Exception {
        String table = table();
        try (StateTable former = open(table);
                StateTable owner = open(table)) {
            load(former);
            for (int i = 0; i < 100; i++) {
                save(former, state("a", 100, "state " + i));
            }
            assertThat(load(owner)).containsEntry("a", "100 state 99");
            for (int i = 0; i < 100; i++) {
                save(former, state("a", 100, "late " + i));
            }
            save(owner, state("a", 100, "again"), state("b", 101, "first"));
            save(former, state("a", 100, "very late"), state("b", 100, "older"));

            assertThat(load(owner)).isEqualTo(Map.of("a", "100 again", "b", "101 first"));
        }
    }

    @Test
    void shouldKeepTheStateOfTheNewOwnerWhenTheFormerOneHasWrittenNothingBefore() throws Exception {
        String table = table();
        try (StateTable former = open(table);
                StateTable owner = open(table)) {
            load(former);
            assertThat(load(owner)).isEmpty();
            save(owner, state("a", 5, "two values of the record"));
            for (int i = 0; i < 100; i++) {
                save(former, state("a", 5, "z: one value of the record"));
            }

            assertThat(load(owner)).isEqualTo(Map.of("a", "5 two values of the record"));
        }
    }

    @Test
    void shouldHideNothingThatIsSavedAfterRowsWereDeletedByHand() throws Exception {
        String table = table();
        try (StateTable states = open(table)) {
            save(states, state("a", 1, "one"));
            TestNode.session()
                    .execute("DELETE FROM " + table + " WHERE pipeline = 'test' AND stage = 'to' AND partition = 'p'");
            save(states, state("a", 2, "two"), state("b", 2, "two"));

            assertThat(load(states)).isEqualTo(Map.of("a", "2 two", "b", "2 two"));
        }
    }

    @Test
    void shouldReadAllPagesWhenThereAreMany() throws Exception {
        Cassandra paging =
                TestNode.cassandra().configure(options -> options.withInt(DefaultDriverOption.REQUEST_PAGE_SIZE, 7));
        try (StateTable states = paging.states(table()).open(new TestContext())) {
            answer(states.save(Map.of("p", states(1_000, 1))));

            assertThat(load(states)).hasSize(1_000);
        }
    }

    @Test
    void shouldWaitWhenTooFewReplicasAreThere() throws Exception {
        String table = table();
        try (StateTable states = TestNode.cassandra()
                .states(table)
                .consistency(DefaultConsistencyLevel.THREE)
                .open(new TestContext())) {
            assertThatThrownBy(() -> save(states, state("a", 1, "one"))).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> save(states, state("a", 1, "one"), state("b", 1, "one")))
                    .isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> load(states)).isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void shouldKeepAStateOfTheLongestKeyThatATableTakes() throws Exception {
        try (StateTable states = open(table())) {
            String longest = "k".repeat(65_535);
            save(states, state(longest, 1, "one"));

            assertThat(load(states)).isEqualTo(Map.of(longest, "1 one"));
        }
    }

    @Test
    void shouldSayWhatIsWrongWhenTheTableCanNeverHoldAState() throws Exception {
        String table = table();
        try (StateTable states = open(table)) {
            assertThatThrownBy(() -> save(states, new KeptState(new byte[65_536], 1, new byte[1])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("key of a state in table " + table + " must be at most 65535 bytes, got 65536");
            assertThatThrownBy(() -> save(states, state("a", 1L << 62, "one")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("offset of a state must be 0 to 4611686018427387903, got 4611686018427387904"
                            + " in partition 'p'");
        }
    }

    @Test
    void shouldFailWhenTheTableIsDroppedMeanwhile() throws Exception {
        String table = table();
        try (StateTable states = open(table)) {
            save(states, state("a", 1, "one"));
            TestNode.session().execute("DROP TABLE " + table);

            assertThatThrownBy(() -> save(states, state("a", 2, "two")))
                    .isInstanceOf(StageFailedException.class)
                    .hasMessageStartingWith("table " + table + " is not as it was when the pipeline started: ")
                    .hasMessageEndingWith("; the states it kept may be gone");
            assertThatThrownBy(() -> load(states)).isInstanceOf(StageFailedException.class);
        }
    }

    /** As soon as the driver has heard of it; the server takes what is saved. */
    @Test
    void shouldFailWhenTheTableIsDroppedAndCreatedAgainMeanwhile() throws Exception {
        String table = table();
        try (StateTable states = open(table)) {
            save(states, state("a", 1, "one"));
            TestNode.session().execute("DROP TABLE " + table);
            TestNode.session().execute("CREATE TABLE " + table + " (" + StatesContractIT.COLUMNS + ")");

            String message = "table " + table + " was dropped and created again while the pipeline ran;"
                    + " the states it kept are gone";
            awaitFailure(message, () -> answer(states.save(Map.of("p", List.of(state("b", 2, "two"))))));
            awaitFailure(message, () -> load(states));
        }
    }

    private static void awaitFailure(String message, Callable<?> call) throws Exception {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                call.call();
            } catch (StageFailedException e) {
                if (message.equals(e.getMessage())) {
                    return;
                }
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new AssertionError("it did not fail with: " + message);
    }

    @Test
    void shouldLoseNothingThatWasAcknowledgedWhenTheServerIsKilledMidSave() throws Exception {
        Assumptions.assumeFalse(TestNode.server().isExternal(), "only a server of our own may be killed");
        String table = table();
        int keys = 2_000;
        int saves = 10;
        try (StateTable states = open(table)) {
            answer(states.save(Map.of("p", states(keys, 0))));
            List<CompletableFuture<Void>> answers = new ArrayList<>();
            for (int i = 1; i <= saves; i++) {
                answers.add(states.save(Map.of("p", states(keys, i))).toCompletableFuture());
            }
            // Some of it has been written by now, and some not.
            answers.get(0).get(1, TimeUnit.MINUTES);
            TestNode.server().kill();
            long acknowledged = 0;
            for (int i = 0; i < saves; i++) {
                try {
                    answer(answers.get(i));
                    acknowledged = i + 1L;
                } catch (UnavailableException e) {
                    // not acknowledged
                }
            }
            assertThatThrownBy(() -> load(states)).isInstanceOf(UnavailableException.class);
            TestNode.restart();

            long least = acknowledged;
            Map<String, String> kept = untilAvailable(() -> load(states));
            assertThat(kept).hasSize(keys);
            assertThat(kept.values())
                    .allSatisfy(state -> assertThat(Long.parseLong(state.substring(0, state.indexOf(' '))))
                            .isGreaterThanOrEqualTo(least));
            untilAvailable(() -> answer(states.save(Map.of("p", states(keys, saves + 1)))));
            assertThat(untilAvailable(() -> load(states)).values())
                    .hasSize(keys)
                    .allMatch(state -> state.startsWith((saves + 1) + " "));
        }
    }
}
