package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** F43: records that the sink refuses whenever it is asked, among good ones: one in a hundred, and one of each key. */
class PoisonIT {

    private static final int KEYS = 200;
    private static final int ATTEMPTS = 3;

    @Test
    void shouldGiveUpJustThePoisonedAndWriteTheRestOnce() throws Exception {
        try (Scene scene = new Scene(0.01)) {
            Set<String> poisoned = new HashSet<>();
            scene.load().send(5_000);
            for (int key = 0; key < KEYS; key++) {
                scene.load().send("k" + key, true);
            }
            scene.load().send(5_000);
            for (int key = 0; key < KEYS; key++) {
                // The last of each key is sound, so that the table of the latest can be judged.
                scene.load().send("k" + key, false);
            }
            scene.load().flush();
            scene.load()
                    .sent()
                    .values()
                    .forEach(events -> events.values().stream()
                            .filter(Load.Sent::isPoisoned)
                            .forEach(sent -> poisoned.add(
                                    sent.event().key() + '@' + sent.event().seq())));

            // Neither member nor table is to be given up, however busy the machine: then sound ones would come again.
            Settings patient = scene.settings()
                    .with("poisonInSink", true)
                    .with("sessionMillis", Await.PATIENCE.toMillis())
                    .with("requestMillis", Await.PATIENCE.toMillis());
            Oracle.Verdict verdict;
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(patient))) {
                scene.oracle().awaitAllCommitted(Duration.ofMinutes(5), pipeline::output);
                pipeline.terminate();
                pipeline.awaitExit();
                verdict = scene.oracle().judge(scene.journals());
                attempts(pipeline)
                        .forEach((event, attempts) -> assertThat(attempts)
                                .as("attempts of %s", event)
                                .isEqualTo(poisoned.contains(event) ? ATTEMPTS : 1));
            }
            assertThat(poisoned).hasSizeGreaterThan(KEYS);
            assertThat(verdict.deadLetters()).isEqualTo(poisoned.size());
            assertThat(verdict.duplicates()).isZero();
        }
    }

    private static Map<String, Integer> attempts(ChildPipeline pipeline) throws Exception {
        Map<String, Integer> attempts = new HashMap<>();
        for (Journal.Line line : pipeline.journalLines()) {
            if (line.what().equals("attempt")) {
                attempts.merge(line.event(), 1, Integer::sum);
            }
        }
        return attempts;
    }
}
