package dev.millrace.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StateStore;
import dev.millrace.pipeline.spi.StateTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What a {@link StateStore} promises, as tests that its own test class inherits:
 *
 * <pre>{@code
 * class MyStoreTest extends StateStoreContract {
 *     @Override
 *     protected StateStore store() {
 *         return MyStore.at("...");
 *     }
 * }
 * }</pre>
 *
 * <p>Each test has pipelines of its own names, so one store may serve them all, also one with other states in it.
 *
 * <p>Not covered, since it takes the system behind the store: that what was saved survives a crash, that
 * {@code UnavailableException} is thrown while that system is away, that nothing blocks the calling thread, and what
 * two instances do to each other that have the same partition.
 *
 * <p>Not thread-safe; a class runs its tests one at a time.
 */
public abstract class StateStoreContract extends Contract {

    private static final int MANY = 50_000;
    private static final int SEVERAL = 5_000;
    private static final int LARGE = 100_000;
    private static final String STAGE = "counts";
    private static final String PARTITION = "ratings-0";

    private final String pipeline = "contract-" + UUID.randomUUID();

    /** For those who inherit it. */
    protected StateStoreContract() {}

    /** The store; each call of one test gives one that keeps the same states. */
    protected abstract StateStore store() throws Exception;

    @Test
    @DisplayName("Of a partition that it has never seen, it has kept nothing.")
    final void shouldHaveKeptNothingAtFirst() throws Exception {
        try (StateTable table = open()) {
            assertEquals(Map.of(), load(table, PARTITION));
        }
    }

    @Test
    @DisplayName("What was saved is found by who opens it next.")
    final void shouldFindWhatWasSavedWhenItIsOpenedAgain() throws Exception {
        try (StateTable table = open()) {
            save(table, PARTITION, state("a", 0, "one"), state("b", 7, "two"));
        }
        try (StateTable table = open()) {
            assertEquals(Map.of(hex("a"), "0 " + hex("one"), hex("b"), "7 " + hex("two")), load(table, PARTITION));
        }
    }

    @Test
    @DisplayName("What was saved is found without opening it again, for partitions come and go.")
    final void shouldFindWhatWasSavedWhenItIsStillOpen() throws Exception {
        try (StateTable table = open()) {
            load(table, PARTITION);
            save(table, PARTITION, state("a", 3, "one"));

            assertEquals(Map.of(hex("a"), "3 " + hex("one")), load(table, PARTITION));
        }
    }

    @Test
    @DisplayName("A state takes the place of the former one of its key, and of no other.")
    final void shouldReplaceAStateWhenALaterOneIsSaved() throws Exception {
        try (StateTable table = open()) {
            save(table, PARTITION, state("a", 1, "old"), state("b", 2, "other"));
            save(table, PARTITION, state("a", 3, "new"), state("c", 4, "more"));
        }
        try (StateTable table = open()) {
            assertEquals(
                    Map.of(
                            hex("a"), "3 " + hex("new"),
                            hex("b"), "2 " + hex("other"),
                            hex("c"), "4 " + hex("more")),
                    load(table, PARTITION));
        }
    }

    @Test
    @DisplayName(
            "Of two states with the same offset the one that was saved last is kept, be its bytes larger or smaller.")
    final void shouldReplaceAStateWhenTheOffsetIsTheSame() throws Exception {
        for (String[] pair : new String[][] {{"m", "z"}, {"m", "b"}, {"mm", "m"}, {"m", ""}}) {
            String partition = pair[0] + "-then-" + pair[1];
            try (StateTable table = open()) {
                save(table, partition, state("here", 5, pair[0]));
                save(table, partition, state("here", 5, pair[1]), state("later", 5, pair[0]));
            }
            try (StateTable table = open()) {
                load(table, partition); // as the engine does before it saves
                save(table, partition, state("later", 5, pair[1]));
            }
            try (StateTable table = open()) {
                assertEquals(
                        Map.of(hex("here"), "5 " + hex(pair[1]), hex("later"), "5 " + hex(pair[1])),
                        load(table, partition));
            }
        }
    }

    @Test
    @DisplayName("A state with a lower offset than the one kept is passed over, and the others of its save are kept.")
    final void shouldPassOverAStateWhenOneWithAHigherOffsetIsKept() throws Exception {
        try (StateTable table = open()) {
            save(table, PARTITION, state("a", 10, "newer"));
            save(table, PARTITION, state("a", 9, "older"), state("b", 9, "first"));
        }
        try (StateTable table = open()) {
            load(table, PARTITION);
            save(table, PARTITION, state("a", 0, "oldest"));

            assertEquals(Map.of(hex("a"), "10 " + hex("newer"), hex("b"), "9 " + hex("first")), load(table, PARTITION));
        }
    }

    @Test
    @DisplayName("Offsets may be large, and differ by one.")
    final void shouldTellOffsetsApartWhenTheyAreLarge() throws Exception {
        long large = 1L << 60;
        try (StateTable table = open()) {
            save(table, PARTITION, state("up", large, "old"), state("down", large + 1, "new"));
            save(table, PARTITION, state("up", large + 1, "new"), state("down", large, "old"));

            String kept = (large + 1) + " " + hex("new");
            assertEquals(Map.of(hex("up"), kept, hex("down"), kept), load(table, PARTITION));
        }
    }

    @Test
    @DisplayName("Partitions, stages and pipelines know nothing of each other.")
    final void shouldKeepPartitionsStagesAndPipelinesApart() throws Exception {
        List<String[]> places = List.of(
                new String[] {pipeline, STAGE, PARTITION},
                new String[] {pipeline, STAGE, PARTITION + "0"},
                new String[] {pipeline, STAGE, "Ratings-0"},
                new String[] {pipeline, STAGE, "../" + PARTITION},
                new String[] {pipeline, "Counts", PARTITION},
                new String[] {pipeline, "counts/../counts", PARTITION},
                new String[] {pipeline, "zähler ⚙", PARTITION},
                new String[] {pipeline + "~" + STAGE, STAGE, PARTITION},
                new String[] {pipeline, STAGE + "~" + STAGE, PARTITION},
                new String[] {pipeline + "x".repeat(300), STAGE, PARTITION},
                new String[] {pipeline + "x".repeat(301), STAGE, PARTITION});
        for (int i = 0; i < places.size(); i++) {
            String[] place = places.get(i);
            try (StateTable table = open(place[0], place[1])) {
                assertEquals(Map.of(), load(table, place[2]));
                save(table, place[2], state("a", i, "state " + i));
            }
        }
        for (int i = 0; i < places.size(); i++) {
            String[] place = places.get(i);
            try (StateTable table = open(place[0], place[1])) {
                assertEquals(Map.of(hex("a"), i + " " + hex("state " + i)), load(table, place[2]));
            }
        }
    }

    @Test
    @DisplayName("One save may be of several partitions.")
    final void shouldKeepStatesOfSeveralPartitionsWhenTheyAreSavedTogether() throws Exception {
        Map<String, List<KeptState>> changed = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            changed.put("p" + i, List.of(state("a", i, "of " + i)));
        }
        try (StateTable table = open()) {
            Answers.await(table.save(changed));
        }
        try (StateTable table = open()) {
            for (int i = 0; i < 20; i++) {
                assertEquals(Map.of(hex("a"), i + " " + hex("of " + i)), load(table, "p" + i));
            }
        }
    }

    @Test
    @DisplayName("A partition may have very many keys.")
    final void shouldKeepAllStatesWhenThereAreVeryMany() throws Exception {
        Map<String, String> expected = new TreeMap<>();
        List<KeptState> states = IntStream.range(0, MANY)
                .mapToObj(i -> state("key " + i, i, "state of " + i))
                .toList();
        states.forEach(state -> expected.put(hex(state.key()), state.offset() + " " + hex(state.state())));
        try (StateTable table = open()) {
            Answers.await(table.save(Map.of(PARTITION, states)));
        }
        try (StateTable table = open()) {
            assertEquals(expected, load(table, PARTITION));
        }
    }

    @Test
    @DisplayName("To save nothing is no failure.")
    final void shouldSaveNothingWhenThereIsNothing() throws Exception {
        try (StateTable table = open()) {
            Answers.await(table.save(Map.of()));
            Answers.await(table.save(Map.of(PARTITION, List.of())));
            assertEquals(Map.of(), load(table, PARTITION));
        }
    }

    @Test
    @DisplayName("Keys and states are any bytes, none and very many included.")
    final void shouldKeepKeysAndStatesWhateverTheirBytes() throws Exception {
        List<KeptState> states = new ArrayList<>();
        states.add(new KeptState(new byte[0], 1, new byte[] {1}));
        for (int b = Byte.MIN_VALUE; b <= Byte.MAX_VALUE; b++) {
            byte one = (byte) b;
            states.add(new KeptState(new byte[] {one}, 2, new byte[0]));
            states.add(new KeptState(new byte[] {one, 0}, 3, new byte[] {one, one}));
            states.add(new KeptState(new byte[] {0, one, one}, 4, new byte[] {0}));
        }
        byte[] large = new byte[LARGE];
        Arrays.fill(large, (byte) -1);
        states.add(new KeptState(new byte[] {9, 9, 9, 9}, 5, large));
        Map<String, String> expected = new TreeMap<>();
        states.forEach(state -> expected.put(hex(state.key()), state.offset() + " " + hex(state.state())));
        try (StateTable table = open()) {
            Answers.await(table.save(Map.of(PARTITION, states)));
        }
        try (StateTable table = open()) {
            assertEquals(expected, load(table, PARTITION));
        }
    }

    @Test
    @DisplayName("A partition may be loaded while the states of another one are saved, or loaded.")
    final void shouldLoadAPartitionWhenAnotherOneIsBeingSaved() throws Exception {
        try (StateTable table = open()) {
            save(table, "other", state("a", 1, "one"));
            List<KeptState> many = IntStream.range(0, SEVERAL)
                    .mapToObj(i -> state("key " + i, i, "state of " + i))
                    .toList();

            CompletionStage<Void> saved = table.save(Map.of(PARTITION, many));
            CompletionStage<List<KeptState>> other = table.load("other");
            CompletionStage<List<KeptState>> none = table.load("none");

            assertEquals(Map.of(hex("a"), "1 " + hex("one")), readable(Answers.await(other)));
            assertEquals(Map.of(), readable(Answers.await(none)));
            Answers.await(saved);
            assertEquals(SEVERAL, load(table, PARTITION).size());
        }
    }

    @Test
    @DisplayName(
            "A partition that comes back may be loaded while its own states are saved: each is the old or the new.")
    final void shouldLoadWhatWasSavedWhenThePartitionItselfIsBeingSaved() throws Exception {
        try (StateTable table = open()) {
            Answers.await(table.save(Map.of(PARTITION, states(SEVERAL, 1, "old"))));

            CompletionStage<Void> saved = table.save(Map.of(PARTITION, states(SEVERAL, 2, "new")));
            Map<String, String> loaded = readable(Answers.await(table.load(PARTITION)));

            assertEquals(SEVERAL, loaded.size());
            Set<String> found = new HashSet<>(loaded.values());
            found.removeAll(Set.of("1 " + hex("old"), "2 " + hex("new")));
            assertEquals(Set.of(), found, "states that were never saved");
            Answers.await(saved);
            assertEquals(
                    Set.of("2 " + hex("new")),
                    new HashSet<>(load(table, PARTITION).values()));
        }
    }

    @Test
    @DisplayName("A call that comes after the end fails or is made, but is answered.")
    final void shouldAnswerWhenItIsClosed() throws Exception {
        StateTable table = open();
        save(table, PARTITION, state("a", 1, "one"));
        table.close();

        Answers.assertAnswered(() -> table.load(PARTITION));
        Answers.assertAnswered(() -> table.save(Map.of(PARTITION, List.of(state("a", 2, "two")))));

        try (StateTable next = open()) {
            String kept = load(next, PARTITION).get(hex("a"));
            assertTrue(Set.of("1 " + hex("one"), "2 " + hex("two")).contains(kept), "kept " + kept);
        }
    }

    private static List<KeptState> states(int count, long offset, String state) {
        return IntStream.range(0, count)
                .mapToObj(i -> state("key " + i, offset, state))
                .toList();
    }

    private StateTable open() throws Exception {
        return open(pipeline, STAGE);
    }

    private StateTable open(String ofPipeline, String stage) throws Exception {
        return store().open(new ContractContext(ofPipeline, stage, threads));
    }

    private static void save(StateTable table, String partition, KeptState... states) throws Exception {
        Answers.await(table.save(Map.of(partition, List.of(states))));
    }

    private static Map<String, String> load(StateTable table, String partition) throws Exception {
        return readable(Answers.await(table.load(partition)));
    }

    private static KeptState state(String key, long offset, String state) {
        return new KeptState(bytes(key), offset, bytes(state));
    }

    /** Offset and state by key; fails where a key is there twice. */
    private static Map<String, String> readable(List<KeptState> states) {
        Map<String, String> readable = new TreeMap<>();
        for (KeptState state : states) {
            String former = readable.put(hex(state.key()), state.offset() + " " + hex(state.state()));
            assertEquals(null, former, () -> "former state of key " + hex(state.key()));
        }
        return readable;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(String text) {
        return hex(bytes(text));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
