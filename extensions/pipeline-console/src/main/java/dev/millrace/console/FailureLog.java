package dev.millrace.console;

import dev.millrace.console.Failure.Kind;
import dev.millrace.pipeline.record.DataLoss;
import dev.millrace.pipeline.record.DeadLetter;
import dev.millrace.pipeline.record.SourcePosition;
import dev.millrace.pipeline.runtime.PipelineFailedException;
import dev.millrace.pipeline.spi.DataLossException;
import dev.millrace.pipeline.spi.StageFailedException;
import dev.millrace.pipeline.spi.UnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The last failures of the pipelines of one name. What is final is kept one by one; attempts, which come by the
 * thousand in an outage, once for each stage and cause, so that they do not push the others out. Thread-safe.
 */
final class FailureLog {

    static final int MOST_FINAL = 50;
    static final int MOST_ATTEMPTS = 20;
    private static final int MOST_CAUSES = 5;

    private final LongSupplier clock;
    private final boolean showsPayloads;
    private final ArrayDeque<Failure> last = new ArrayDeque<>();
    private final Map<Attempts, Failure> attempts = new LinkedHashMap<>();

    private record Attempts(Kind kind, String stage, String cause) {}

    FailureLog(LongSupplier clock, boolean showsPayloads) {
        this.clock = clock;
        this.showsPayloads = showsPayloads;
    }

    /** The newest first. */
    synchronized List<Failure> all() {
        List<Failure> all = new ArrayList<>(last);
        all.addAll(attempts.values());
        all.sort(Comparator.comparingLong(Failure::nanos).reversed());
        return all;
    }

    void retry(String stage, SourcePosition record, Throwable cause) {
        attempt(Kind.RETRY, stage, record.toString(), cause, text(cause));
    }

    void unavailable(String stage, Throwable cause) {
        attempt(Kind.UNAVAILABLE, stage, "", cause, text(cause));
    }

    void restart(Duration delay, Throwable cause) {
        String after = text(cause);
        attempt(
                Kind.RESTART,
                "",
                "",
                cause,
                "after " + delay.toMillis() + " ms" + (after.isEmpty() ? "" : ": " + after));
    }

    void dataLoss(String stage, DataLoss loss) {
        add(Kind.DATA_LOSS, stage, "", "", loss.toString(), Optional.empty());
    }

    void skip(String stage, SourcePosition record, Throwable cause) {
        add(Kind.SKIPPED, stage, record.toString(), name(cause), text(cause), Optional.empty());
    }

    void deadLetter(DeadLetter letter) {
        add(
                Kind.DEAD_LETTER,
                letter.stage(),
                letter.original().position().toString(),
                name(letter.cause()),
                text(letter.cause()),
                showsPayloads ? Optional.of(Payload.of(letter.original())) : Optional.empty());
    }

    void failed(PipelineFailedException failure) {
        Throwable cause = Optional.ofNullable(failure.getCause()).orElse(failure);
        String record = failure.position().map(SourcePosition::toString).orElse("");
        add(Kind.FAILED, failure.stage().orElse(""), record, name(cause), text(cause), Optional.empty());
    }

    private synchronized void add(
            Kind kind, String stage, String record, String cause, String text, Optional<Payload> payload) {
        last.addFirst(new Failure(clock.getAsLong(), kind, stage, record, cause, text, payload, 1));
        if (last.size() > MOST_FINAL) {
            last.removeLast();
        }
    }

    private synchronized void attempt(Kind kind, String stage, String record, Throwable cause, String text) {
        Attempts same = new Attempts(kind, stage, name(cause));
        Failure before = attempts.remove(same);
        long times = before == null ? 1 : before.times() + 1;
        attempts.put(
                same, new Failure(clock.getAsLong(), kind, stage, record, same.cause, text, Optional.empty(), times));
        if (attempts.size() > MOST_ATTEMPTS) {
            attempts.remove(attempts.keySet().iterator().next());
        }
    }

    private static String name(Throwable cause) {
        return cause.getClass().getName();
    }

    /** What others say may quote a payload; but these promise that they do not. */
    private String text(Throwable cause) {
        if (showsPayloads) {
            return withCauses(cause);
        }
        boolean isSafe = cause instanceof UnavailableException
                || cause instanceof DataLossException
                || cause instanceof StageFailedException;
        return isSafe ? said(cause) : "";
    }

    private static String withCauses(Throwable cause) {
        StringBuilder text = new StringBuilder(said(cause));
        Throwable deeper = cause.getCause();
        for (int i = 0; deeper != null && i < MOST_CAUSES; i++) {
            text.append(text.isEmpty() ? "" : "; ").append("caused by ").append(name(deeper));
            text.append(said(deeper).isEmpty() ? "" : ": " + said(deeper));
            deeper = deeper.getCause();
        }
        return Payload.shortened(text.toString());
    }

    private static String said(Throwable cause) {
        return Optional.ofNullable(cause.getMessage()).orElse("");
    }
}
