package dev.millrace.pipeline.runtime;

import dev.millrace.pipeline.policy.FailurePolicy;
import dev.millrace.pipeline.policy.Ordering;
import dev.millrace.pipeline.policy.StageOptions;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A stage of the simulated pipeline, and what it must make of values where nothing fails.
 *
 * @param kind what it does
 * @param place its index in the pipeline
 * @param previous the place of the stage that it has its values from; negative for the source
 * @param name its name
 * @param options its options
 * @param onFailure the failure policy that is in force
 * @param salt makes its decisions differ from those of other stages and seeds
 */
record SimStage(
        Kind kind, int place, int previous, String name, StageOptions options, FailurePolicy onFailure, long salt) {

    enum Kind {
        FROM,
        DECODE,
        MAP,
        FILTER,
        FLAT_MAP,
        PEEK,
        ENRICH,
        ENRICH_OR_DROP,
        LOCAL_ENRICH,
        THROTTLE,
        AGGREGATE,
        TELL,
        BATCH,
        UNBATCH,
        LIMIT,
        ALSO_TO,
        TO
    }

    boolean isSink() {
        return kind == Kind.ALSO_TO || kind == Kind.TO;
    }

    boolean isAsynchronousLookup() {
        return kind == Kind.ENRICH || kind == Kind.ENRICH_OR_DROP;
    }

    Ordering ordering() {
        return options.ordering();
    }

    /** Whether the engine waits for an answer no longer than some time. */
    boolean isTimed() {
        return options.timeout().isPresent() || options.deadline().isPresent();
    }

    boolean drops(SimRecord record, int index) {
        return switch (kind) {
            case DECODE -> chance(record, index, 5) == 0;
            case FILTER -> chance(record, index, 4) == 0;
            case ENRICH_OR_DROP -> isMissing(record, index);
            default -> false;
        };
    }

    /** Whether the lookup has no answer. */
    boolean isMissing(SimRecord record, int index) {
        return chance(record, index, 5) == 0;
    }

    int fanOut(SimRecord record, int index) {
        return chance(record, index, SimValue.FAN_OUT + 1);
    }

    /** The indexes that come of an index. */
    List<Integer> expected(SimRecord record, int index) {
        if (drops(record, index)) {
            return List.of();
        }
        if (kind != Kind.FLAT_MAP) {
            return List.of(index);
        }
        return IntStream.range(0, fanOut(record, index))
                .mapToObj(number -> SimValue.childIndex(index, number))
                .toList();
    }

    boolean isPoison(SimRecord record, int index, double rate) {
        return !record.isRepaired && isPoison(identity(record, index), rate);
    }

    boolean isPoison(long identity, double rate) {
        return rate > 0 && (mix((salt ^ 0x5bd1e995L) + identity) >>> 11) * 0x1p-53 < rate;
    }

    private int chance(SimRecord record, int index, int bound) {
        return (int) Long.remainderUnsigned(mix(salt + identity(record, index)), bound);
    }

    private static long identity(SimRecord record, int index) {
        return record.offset * 0x9E3779B97F4A7C15L + record.partition.name.hashCode() * 0xBF58476D1CE4E5B9L + index;
    }

    private static long mix(long seed) {
        long z = seed;
        z = (z ^ (z >>> 33)) * 0xFF51AFD7ED558CCDL;
        z = (z ^ (z >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return z ^ (z >>> 33);
    }
}
