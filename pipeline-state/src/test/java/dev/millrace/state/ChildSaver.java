package dev.millrace.state;

import static dev.millrace.state.States.answer;
import static dev.millrace.state.States.load;
import static dev.millrace.state.States.state;

import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StateTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Saves without end, where the last one ended, and says so after each time; what it saves follows from the number. */
final class ChildSaver {

    static final List<String> PARTITIONS = List.of("p0", "p1", "p2");
    private static final int KEYS = 200;
    private static final int CHANGED = 30;

    private ChildSaver() {}

    public static void main(String[] arguments) throws Exception {
        try (StateTable table = StateDirectory.at(Path.of(arguments[0])).open(new TestContext())) {
            long last = last(load(table, PARTITIONS.get(0)));
            while (true) {
                last++;
                answer(table.save(changes(last)));
                System.out.println("saved " + last + ".");
            }
        }
    }

    /** The number of the last save in what a partition holds. */
    static long last(Map<String, String> states) {
        return states.values().stream()
                .mapToLong(state -> Long.parseLong(state.substring(0, state.indexOf(' '))))
                .max()
                .orElse(0);
    }

    private static Map<String, List<KeptState>> changes(long number) {
        Map<String, List<KeptState>> changes = new HashMap<>();
        for (String partition : PARTITIONS) {
            List<KeptState> states = new ArrayList<>();
            keys(number).forEach(key -> states.add(state(key, number, text(partition, key, number))));
            changes.put(partition, states);
        }
        return changes;
    }

    private static List<String> keys(long number) {
        return IntStream.range(0, CHANGED)
                .mapToObj(i -> "key " + (number * 17 + i) % KEYS)
                .collect(Collectors.toList());
    }

    private static String text(String partition, String key, long number) {
        return (partition + " " + key + " " + number + ";").repeat(8);
    }

    /** What a partition holds after so many saves. */
    static Map<String, String> expected(String partition, long saves) {
        Map<String, String> expected = new TreeMap<>();
        for (long number = Math.max(1, saves - KEYS); number <= saves; number++) {
            for (String key : keys(number)) {
                expected.put(key, number + " " + text(partition, key, number));
            }
        }
        return expected;
    }
}
