package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
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
    private static final String DONE = "done=1.";
    private static final int SUM_BYTES = 4;
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
                behind = awaitKept(scene, partition, pipeline, held);
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

    /** Until a commit tells of all that is done; how many records lie behind the first that is not. */
    private static long awaitKept(Scene scene, TopicPartition partition, ChildPipeline pipeline, long held)
            throws Exception {
        long[] behind = new long[1];
        Await.until("a commit that tells of all that is done", Await.PATIENCE, pipeline::output, () -> {
            String metadata = scene.oracle().metadata().getOrDefault(partition, "");
            if (!metadata.startsWith(DONE)) {
                return false;
            }
            List<Long> numbers = numbers(metadata);
            behind[0] = scene.load()
                    .sent()
                    .get(partition)
                    .tailMap(numbers.get(0), true)
                    .size();
            return done(numbers) == behind[0] - held;
        });
        return behind[0];
    }

    /** Of a commit: its offset, an epoch, and then gaps and lengths of runs in turns. */
    private static List<Long> numbers(String metadata) {
        byte[] bytes = Base64.getUrlDecoder().decode(metadata.substring(DONE.length(), metadata.indexOf(';')));
        List<Long> numbers = new ArrayList<>();
        long number = 0;
        int shift = 0;
        for (int i = SUM_BYTES; i < bytes.length; i++) {
            number |= (bytes[i] & 0x7fL) << shift;
            shift += 7;
            if (bytes[i] >= 0) {
                numbers.add(number);
                number = 0;
                shift = 0;
            }
        }
        return numbers;
    }

    private static long done(List<Long> numbers) {
        long done = 0;
        for (int length = 3; length < numbers.size(); length += 2) {
            done += numbers.get(length) + 1;
        }
        return done;
    }

    private static long attempts(List<Journal.Line> journal) {
        return journal.stream().filter(line -> line.what().equals("attempt")).count();
    }
}
