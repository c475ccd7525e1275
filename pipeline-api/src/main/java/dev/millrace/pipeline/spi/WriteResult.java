package dev.millrace.pipeline.spi;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What became of the records of a batch: written, all of them but those named in {@link #failures()}.
 *
 * @param failures by index in the batch, why a record was not written
 */
public record WriteResult(Map<Integer, Throwable> failures) {

    private static final WriteResult WRITTEN = new WriteResult(Map.of());
    private static final CompletionStage<WriteResult> ALREADY_WRITTEN = CompletableFuture.completedFuture(WRITTEN);

    /** Copies the map. */
    public WriteResult {
        failures = Map.copyOf(Objects.requireNonNull(failures, "failures"));
    }

    /** Every record was written. */
    public static WriteResult written() {
        return WRITTEN;
    }

    /** As {@link #written()}, complete already. */
    public static CompletionStage<WriteResult> alreadyWritten() {
        return ALREADY_WRITTEN;
    }

    /** Every record was written but those at these indexes. */
    public static WriteResult failed(Map<Integer, Throwable> failures) {
        return failures.isEmpty() ? WRITTEN : new WriteResult(failures);
    }
}
