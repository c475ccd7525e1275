package dev.millrace.pipeline.spi;

import dev.millrace.pipeline.record.DataLoss;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a reader throws that does not go on where records are gone. The pipeline drains and ends in FAILED, also where
 * restarts are asked for: beginning anew would not bring them back. Listeners are told of each range, and the message
 * is logged.
 */
public final class DataLossException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int MOST_NAMED = 10;

    private final transient @Nullable List<DataLoss> losses;

    /** With what was lost; the message names the first ten ranges. */
    public DataLossException(Collection<DataLoss> losses) {
        this(message(losses), losses);
    }

    /** With a message of its own, without payload, and what was lost. */
    public DataLossException(String message, Collection<DataLoss> losses) {
        super(message);
        this.losses = List.copyOf(losses);
    }

    /** What was lost, as far as it is known. */
    public List<DataLoss> losses() {
        return losses == null ? List.of() : losses;
    }

    private static String message(Collection<DataLoss> losses) {
        String first = losses.stream().limit(MOST_NAMED).map(DataLoss::toString).collect(Collectors.joining("; "));
        int rest = losses.size() - MOST_NAMED;
        return rest > 0 ? first + "; and " + rest + " more" : first;
    }
}
