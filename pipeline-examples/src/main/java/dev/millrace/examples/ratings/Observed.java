package dev.millrace.examples.ratings;

import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.PipelineRecord;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** Watches what a pipeline writes: how long after it was sent, whether it came again, and the rows themselves. */
final class Observed implements PipelineListener {

    private static final int RECENT = 4;

    private final Histogram latencyMillis = new Histogram(3);
    private final Set<SourcePosition> seen = new HashSet<>();
    private final ArrayDeque<EnrichedRating> recent = new ArrayDeque<>();
    private long duplicates;

    @Override
    public synchronized void onWritten(String pipeline, String stage, List<PipelineRecord<?>> written) {
        Instant now = Instant.now();
        for (PipelineRecord<?> record : written) {
            if (record.value() instanceof DeadLetter) {
                continue;
            }
            record.timestamp()
                    .ifPresent(sent -> latencyMillis.recordValue(
                            Math.max(0, Duration.between(sent, now).toMillis())));
            if (!seen.add(record.position())) {
                duplicates++;
            }
            recent.addLast((EnrichedRating) record.value());
            if (recent.size() > RECENT) {
                recent.removeFirst();
            }
        }
    }

    /** The rows written last, each handed out once. */
    synchronized List<EnrichedRating> takeRecent() {
        List<EnrichedRating> taken = new ArrayList<>(recent);
        recent.clear();
        return taken;
    }

    synchronized long duplicates() {
        return duplicates;
    }

    /** Milliseconds from when a rating was sent to when Cassandra had it. */
    synchronized long latencyMillis(double percentile) {
        return latencyMillis.getValueAtPercentile(percentile);
    }
}
