package dev.millrace.pipeline.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Tells runs of pipelines of one name apart by the lowest number that is free: two meters of one name and tags would be
 * the same meter, and a number for each start would never end. Thread-safe.
 */
final class Runs {

    private static final Map<MeterRegistry, Map<String, BitSet>> TAKEN = new WeakHashMap<>();

    private Runs() {}

    static int begin(MeterRegistry registry, String pipeline) {
        synchronized (TAKEN) {
            BitSet taken = TAKEN.computeIfAbsent(registry, first -> new HashMap<>())
                    .computeIfAbsent(pipeline, first -> new BitSet());
            int free = taken.nextClearBit(1);
            taken.set(free);
            return free;
        }
    }

    static void end(MeterRegistry registry, String pipeline, int run) {
        synchronized (TAKEN) {
            Map<String, BitSet> ofRegistry = TAKEN.getOrDefault(registry, Map.of());
            BitSet taken = ofRegistry.get(pipeline);
            if (taken != null) {
                taken.clear(run);
                if (taken.isEmpty()) {
                    ofRegistry.remove(pipeline);
                }
            }
        }
    }
}
