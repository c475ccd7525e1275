package dev.millrace.faults;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;

/** How long it takes from a moment until there is a row of an event that was sent after it. */
final class Recovery {

    private final Load load;
    private long begin;
    private Map<String, Long> before = Map.of();

    Recovery(Load load) {
        this.load = load;
    }

    /** From now on. */
    void begins() {
        before = load.seqs();
        begin = System.currentTimeMillis();
    }

    /** Waits for it; in milliseconds. */
    long await(ChildPipeline pipeline, Duration limit) throws Exception {
        Await.until(
                "a row of what was sent since",
                limit,
                pipeline::output,
                () -> firstAck(pipeline).isPresent());
        return firstAck(pipeline).getAsLong() - begin;
    }

    private OptionalLong firstAck(ChildPipeline pipeline) throws Exception {
        return pipeline.journalLines().stream()
                .filter(line -> line.what().equals("ack") && line.seq() > before.getOrDefault(line.key(), 0L))
                .mapToLong(Journal.Line::millis)
                .findFirst();
    }
}
