package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * F02: dies at each place where a pipeline that is put together wrongly loses something. All deaths are of one run,
 * which is judged once more as a whole.
 */
class CrashPointsIT {

    private static final Map<String, Long> COMMITTED = new TreeMap<>();
    private static Scene scene;

    @BeforeAll
    static void begin() throws Exception {
        scene = new Scene(0.02);
        scene.load().start(200);
    }

    @AfterAll
    static void judgeTheWhole() throws Exception {
        try (Scene ended = scene) {
            Oracle.Verdict verdict = ended.finish(ended.settings());
            System.out.println("each crash point once: " + verdict + ", committed by then " + COMMITTED);
            assertThat(verdict.deadLetters()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "afterPoll#5",
                "beforeSinkWrite#15",
                "afterSinkAckBeforeTrack#15",
                "midBatch#10",
                "beforeCommit#4",
                "afterCommitSent#4",
                "beforeDlqSend#3",
                "afterDlqAckBeforeTrack#3"
            })
    void shouldLoseNothingWhenItDiesAtWork(String crashPoint) throws Exception {
        // The same member each time, who need not wait for the session of the one that died before.
        Settings member = scene.settings().with("instance", "the-one");
        try (ChildPipeline pipeline = ChildPipeline.start(scene.next(member), crashPoint)) {
            checkDeath(crashPoint, pipeline);
        }
    }

    @Test
    void shouldLoseNothingWhenItDiesInClose() throws Exception {
        try (ChildPipeline pipeline = ChildPipeline.start(scene.next(), "inClose")) {
            pipeline.awaitFirstAck().terminate();
            checkDeath("inClose", pipeline);
        }
    }

    @Test
    void shouldLoseNothingWhenItDiesInRevoke() throws Exception {
        // What it is to give up it must not lose before, by a machine that stands still.
        Settings patient = scene.settings().with("sessionMillis", 35_000);
        try (ChildPipeline pipeline = ChildPipeline.start(scene.next(patient), "inRevoke")) {
            pipeline.awaitFirstAck();
            try (ChildPipeline other = ChildPipeline.start(scene.next(patient))) {
                assertThat(pipeline.awaitExit()).isEqualTo(CrashPoint.EXIT_CODE);
                // So that nobody runs: the frozen state is read below.
                other.kill();
            }
            checkDeath("inRevoke", pipeline);
        }
    }

    @Test
    void shouldLoseNothingWhenItDiesInLost() throws Exception {
        try (ChildPipeline pipeline = ChildPipeline.start(scene.next(), "inLost")) {
            pipeline.awaitFirstAck();
            // Thrown out of the group, it hears with its next heartbeat that its partitions are no longer its own.
            Servers.admin()
                    .removeMembersFromConsumerGroup(
                            scene.settings().text("group"), new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get(1, TimeUnit.MINUTES);
            checkDeath("inLost", pipeline);
        }
    }

    private static void checkDeath(String place, ChildPipeline pipeline) throws Exception {
        assertThat(pipeline.awaitExit(Await.PATIENCE))
                .as("%s: %s", place, pipeline.output())
                .isEqualTo(CrashPoint.EXIT_CODE);
        COMMITTED.put(place, scene.oracle().checkFrozenState(place));
    }
}
