package dev.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.spi.OffsetRun;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoneBeforeTest {

    private final DoneBefore done =
            new DoneBefore(new CommitMetadata.Done(4, List.of(new OffsetRun(5, 7), new OffsetRun(9, 9))));

    @Test
    void shouldHoldTheRecordsOfItsRunsAndNoOthers() {
        assertThat(done.holds(4, Optional.of(4))).isFalse();
        assertThat(done.holds(5, Optional.of(3))).isTrue();
        assertThat(done.holds(7, Optional.of(4))).isTrue();
        assertThat(done.holds(8, Optional.of(4))).isFalse();
        assertThat(done.holds(9, Optional.of(4))).isTrue();
        assertThat(done.holds(10, Optional.of(4))).isFalse();
    }

    @Test
    void shouldTakeNoRecordOfALaterEpochForOneThatWasDone() {
        assertThat(done.holds(6, Optional.of(5))).as("after a truncation").isFalse();
        assertThat(done.holds(7, Optional.empty())).as("nobody knows").isFalse();
    }

    @Test
    void shouldSayHowMuchItIs() {
        assertThat(done).hasToString("4 offsets in 2 runs");
    }
}
