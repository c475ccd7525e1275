package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Kills a pipeline by SIGKILL again and again, at moments drawn by lot, and judges after each. */
final class Kills {

    private static final int EARLIEST_MILLIS = 50;
    private static final int LATEST_MILLIS = 1_500;

    private Kills() {}

    /**
     * Of a process that comes back as the {@code same} member, as in a stateful set, or as a {@code stranger} who has
     * to wait for the session of the dead.
     */
    static Outcome of(String protocol, String member, int kills, int recordsPerSecond) throws Exception {
        return of(protocol, member, kills, recordsPerSecond, UnaryOperator.identity());
    }

    static Outcome of(String protocol, String member, int kills, int recordsPerSecond, UnaryOperator<Settings> change)
            throws Exception {
        return of("kill -9, " + protocol + ", " + member + " member", kills, recordsPerSecond, settings -> {
            Settings speaking = change.apply(settings.with("protocol", protocol));
            return member.equals("same") ? speaking.with("instance", "the-one") : speaking;
        });
    }

    static Outcome of(String fault, int kills, int recordsPerSecond, UnaryOperator<Settings> change) throws Exception {
        try (Scene scene = new Scene(0.01)) {
            Random random = new Random(scene.seed());
            Settings settings = change.apply(scene.settings());
            scene.load().start(recordsPerSecond);
            List<Long> recoveries = new ArrayList<>();
            long committed = 0;
            long killed = 0;
            for (int kill = 1; kill <= kills; kill++) {
                try (ChildPipeline pipeline = ChildPipeline.start(scene.next(settings))) {
                    long first = pipeline.awaitFirstAck().firstAckAfter(0).getAsLong();
                    if (kill > 1) {
                        recoveries.add(first - killed);
                    }
                    Await.pass(EARLIEST_MILLIS + random.nextInt(LATEST_MILLIS - EARLIEST_MILLIS));
                    killed = System.currentTimeMillis();
                    pipeline.kill();
                }
                committed = scene.oracle().checkFrozenState("kill " + kill);
            }
            assertThat(committed).as("progress between kills").isPositive();
            // Nobody kills the last one, so it may have more in flight to catch up with.
            Oracle.Verdict verdict = scene.finish(settings.with("maxInFlight", 2_000));
            Replays.check(scene.journals(), PipelineUnderTest.mostInFlight(settings));
            return new Outcome(fault, kills, verdict, recoveries, scene.seed());
        }
    }
}
