package dev.millrace.benchmarks.handwritten;

import dev.millrace.benchmarks.workload.EnrichedRating;
import java.util.List;

/** Where rows go; does not wait for them to get there, but for room. */
interface Output extends AutoCloseable {

    /** Tells the chunk of each row that is done. */
    void write(List<EnrichedRating> rows, Chunk chunk);

    @Override
    default void close() {}
}
