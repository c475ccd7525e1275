package dev.millrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * F25 and F26: the table is no longer as it was when the pipeline started. No record is to blame, however the server
 * words it, so with as many attempts as a pipeline makes by itself there are no dead letters.
 */
class TableChangedIT {

    @ParameterizedTest
    @CsvSource({
        "DROP TABLE faults.%s, 'CREATE TABLE faults.%s"
                + " (key text, seq bigint, id text, crc bigint, region text, PRIMARY KEY ((key), seq))'",
        "ALTER TABLE faults.%s RENAME seq TO sequel, ALTER TABLE faults.%s RENAME sequel TO seq",
    })
    void shouldMakeNoDeadLettersAndGoOnOnceItIsMended(String change, String mend) throws Exception {
        try (Scene scene = new Scene(0)) {
            String table = scene.settings().text("table");
            scene.load().start(500);
            // Nobody is to be taken for dead, however busy the machine: then records would come again.
            Settings asByDefault =
                    scene.settings().with("attempts", 1).with("sessionMillis", Await.PATIENCE.toMillis());
            try (ChildPipeline pipeline = ChildPipeline.start(scene.next(asByDefault))) {
                pipeline.awaitFirstAck();
                Servers.session().execute(change.formatted(table));
                pipeline.awaitNoted("unavailable", 5);
                scene.load().stop();
                assertThat(scene.oracle().deadLetterCauses()).isEmpty();
                // In this order: writes that were under way may still be answered.
                long committed = Oracle.sum(scene.oracle().committed());
                assertThat(committed).as("committed, of those written").isLessThanOrEqualTo(pipeline.noted("ack"));

                Servers.session().execute(mend.formatted(table));

                scene.oracle().awaitAllCommitted(Await.PATIENCE, pipeline::output);
                assertThat(pipeline.noted("ack")).isEqualTo(scene.load().count());
                pipeline.terminate();
                pipeline.awaitExit();
            }
            assertThat(scene.oracle().deadLetterCauses()).isEmpty();
        }
    }
}
