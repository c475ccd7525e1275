package dev.millrace.console;

import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineListener;
import dev.millrace.pipeline.runtime.PipelineState;
import dev.millrace.pipeline.runtime.RunningPipeline;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A console that has been started. It shows the pipelines that it is a listener of, from when they begin to read; those
 * that have ended stay for a while, ten at most. Failures are known by the name of a pipeline, so several that run
 * under one name show those of all.
 *
 * <p>Thread-safe; one may serve many pipelines and runners. It calls nothing for a record that is written.
 */
public final class RunningConsole implements PipelineListener, AutoCloseable {

    private final ConsoleOptions options;
    private final Beat beat;
    private final Gallery gallery = new Gallery();
    private final Map<String, FailureLog> failures = new ConcurrentHashMap<>();
    private final ConsoleServer server;

    RunningConsole(ConsoleOptions options, Beat beat) {
        this.options = options;
        this.beat = beat;
        this.server = ConsoleServer.start(options.port(), new ConsoleApi(gallery, beat, options));
        beat.start(() -> gallery.sample(beat.nanoTime()));
    }

    /** Where the page is, such as {@code http://127.0.0.1:7070/}. */
    public URI address() {
        return server.address();
    }

    @Override
    public void onStateChange(RunningPipeline running, PipelineState state) {
        if (state == PipelineState.RUNNING) {
            gallery.begin(running, failuresOf(running.pipeline().name()), beat.nanoTime());
        } else if (state.isFinal()) {
            running.failure()
                    .ifPresent(failure -> failuresOf(running.pipeline().name()).failed(failure));
            gallery.end(running, beat.nanoTime());
        }
    }

    @Override
    public void onRetry(String pipeline, String stage, SourcePosition record, int failedAttempts, Throwable cause) {
        failuresOf(pipeline).retry(stage, record, cause);
    }

    @Override
    public void onUnavailable(String pipeline, String stage, Duration delay, Throwable cause) {
        failuresOf(pipeline).unavailable(stage, cause);
    }

    @Override
    public void onRestart(String pipeline, int count, Duration delay, Throwable cause) {
        failuresOf(pipeline).restart(delay, cause);
    }

    @Override
    public void onDataLoss(String pipeline, String stage, DataLoss loss) {
        failuresOf(pipeline).dataLoss(stage, loss);
    }

    @Override
    public void onSkip(String pipeline, String stage, SourcePosition record, Throwable cause) {
        failuresOf(pipeline).skip(stage, record, cause);
    }

    @Override
    public void onDeadLetter(DeadLetter letter) {
        failuresOf(letter.pipeline()).deadLetter(letter);
    }

    private FailureLog failuresOf(String pipeline) {
        return failures.computeIfAbsent(pipeline, first -> new FailureLog(beat::nanoTime, options.showsPayloads()));
    }

    /** Serves the page no longer; the pipelines go on. When it returns, the port is free. */
    @Override
    public void close() {
        beat.close();
        server.close();
    }

    @Override
    public String toString() {
        return "RunningConsole[" + address() + "]";
    }
}
