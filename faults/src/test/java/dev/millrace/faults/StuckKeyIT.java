package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Killed while one key is stuck and all others are done, where order is kept by key: what is done beyond the stuck
 * record's offset was kept with it, so that it does not come again.
 */
@Execution(ExecutionMode.CONCURRENT)
class StuckKeyIT {

    private static final int EVENTS = 2_000;
    private static final String STUCK = "k7";
    private static final long COMMIT_MILLIS = 200;

    @Test
    void shouldWriteAgainOnlyWhatTheStuckKeyHeldBack() throws Exception {
        try (Scene scene = new Scene(0)) {
            // The next process takes the place of the one that was killed, however slow the machine is meanwhile.
            Settings perKey = scene.settings()
                    .with("ordering", "PER_KEY")
                    .with("commitMillis", COMMIT_MILLIS)
                    .with("instance", "the-one")
                    .with("sessionMillis", Await.PATIENCE.toMillis())
                    .with("requestMillis", Await.PATIENCE.toMillis());
            scene.load().send(EVENTS);
            scene.load().flush();
            TopicPartition partition = partitionOfTheStuckKey(scene);
            long held = eventsOfTheStuckKey(scene, partition);
            long behind;
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(perKey.with("stuckKey", STUCK)))) {
                pipeline.awaitNoted("ack", EVENTS - held);
                behind = awaitKept(scene, partition, pipeline);
                pipeline.kill();
            }
            scene.oracle().checkFrozenState("killed with a key stuck");
            Oracle.Verdict verdict = scene.finish(perKey);

            long again = attempts(scene.journals().get(1));
            System.out.println("killed with a key stuck: " + behind + " records behind its first, " + held
                    + " of them its own, written again " + again + ", seed " + scene.seed());
            assertThat(verdict.duplicates()).as("acknowledged twice").isZero();
            assertThat(again).as("written again of " + behind).isEqualTo(held).isLessThan(behind / 10);
        }
    }

    private static TopicPartition partitionOfTheStuckKey(Scene scene) {
        return scene.load().sent().entrySet().stream()
                .filter(sent -> sent.getValue().values().stream().anyMatch(StuckKeyIT::isStuck))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private static long eventsOfTheStuckKey(Scene scene, TopicPartition partition) {
        return scene.load().sent().get(partition).values().stream()
                .filter(StuckKeyIT::isStuck)
                .count();
    }

    private static boolean isStuck(Load.Sent sent) {
        return sent.event().key().equals(STUCK);
    }

    /** Until commits have nothing new to tell, for longer than several intervals. */
    private static long awaitKept(Scene scene, TopicPartition partition, ChildPipeline pipeline) throws Exception {
        String[] last = {""};
        long[] since = {System.nanoTime()};
        Await.until("commits that tell of all that is done", Await.PATIENCE, pipeline::output, () -> {
            String metadata = scene.oracle().metadata().getOrDefault(partition, "");
            if (!metadata.equals(last[0])) {
                last[0] = metadata;
                since[0] = System.nanoTime();
            }
            boolean isSettled = System.nanoTime() - since[0] > TimeUnit.MILLISECONDS.toNanos(10 * COMMIT_MILLIS);
            return metadata.startsWith("done=") && isSettled;
        });
        long committed = scene.oracle().committed().get(partition);
        return scene.load().sent().get(partition).tailMap(committed, true).size();
    }

    private static long attempts(List<Journal.Line> journal) {
        return journal.stream().filter(line -> line.what().equals("attempt")).count();
    }
}
