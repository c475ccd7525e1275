package dev.millrace.pipeline.testing;

import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers all it is told. */
public final class RecordingListener implements PipelineListener {

    /** A retry. */
    public record Retry(String stage, SourcePosition record, int failedAttempts, Throwable cause) {}

    /** A stage that could not reach its system. */
    public record Outage(String stage, Duration delay, Throwable cause) {}

    /** A new beginning. */
    public record Restart(int failures, Duration delay, Throwable cause) {}

    public final List<PipelineState> states = new CopyOnWriteArrayList<>();
    public final List<Retry> retries = new CopyOnWriteArrayList<>();
    public final List<Outage> outages = new CopyOnWriteArrayList<>();
    public final List<Restart> restarts = new CopyOnWriteArrayList<>();
    public final List<DataLoss> dataLosses = new CopyOnWriteArrayList<>();
    public final List<SourcePosition> skips = new CopyOnWriteArrayList<>();
    public final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();

    @Override
    public void onStateChange(String pipeline, PipelineState state) {
        states.add(state);
    }

    @Override
    public void onRetry(String pipeline, String stage, SourcePosition record, int failedAttempts, Throwable cause) {
        retries.add(new Retry(stage, record, failedAttempts, cause));
    }

    @Override
    public void onUnavailable(String pipeline, String stage, Duration delay, Throwable cause) {
        outages.add(new Outage(stage, delay, cause));
    }

    @Override
    public void onRestart(String pipeline, int failures, Duration delay, Throwable cause) {
        restarts.add(new Restart(failures, delay, cause));
    }

    @Override
    public void onDataLoss(String pipeline, String stage, DataLoss loss) {
        dataLosses.add(loss);
    }

    @Override
    public void onSkip(String pipeline, String stage, SourcePosition record, Throwable cause) {
        skips.add(record);
    }

    @Override
    public void onDeadLetter(DeadLetter letter) {
        deadLetters.add(letter);
    }
}
