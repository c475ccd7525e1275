package dev.millrace.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.pipeline.spi.KeptState;
import dev.millrace.pipeline.spi.StateTable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** States as text. */
final class States {

    private static final int PATIENCE_MINUTES = 2;

    private States() {}

    static KeptState state(String key, long offset, String state) {
        return new KeptState(key.getBytes(UTF_8), offset, state.getBytes(UTF_8));
    }

    static void save(StateTable table, String partition, KeptState... states) throws Exception {
        answer(table.save(Map.of(partition, List.of(states))));
    }

    /** Offset and state by key. */
    static Map<String, String> load(StateTable table, String partition) throws Exception {
        Map<String, String> states = new TreeMap<>();
        for (KeptState state : answer(table.load(partition))) {
            states.put(new String(state.key(), UTF_8), state.offset() + " " + new String(state.state(), UTF_8));
        }
        return states;
    }

    static <T> T answer(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
