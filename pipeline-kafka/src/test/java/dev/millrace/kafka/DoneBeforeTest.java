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
        assertThat(done.passesOver(4, Optional.of(4))).isFalse();
        assertThat(done.passesOver(5, Optional.of(3))).isTrue();
        assertThat(done.passesOver(7, Optional.of(4))).isTrue();
        assertThat(done.passesOver(8, Optional.of(4))).isFalse();
        assertThat(done.passesOver(9, Optional.of(4))).isTrue();
        assertThat(done.passesOver(10, Optional.of(4))).isFalse();
    }

    @Test
    void shouldTakeNoRecordOfALaterEpochForOneThatWasDone() {
        assertThat(done.passesOver(6, Optional.of(5))).as("after a truncation").isFalse();
        assertThat(done.passesOver(7, Optional.empty())).as("nobody knows").isFalse();
    }

    @Test
    void shouldTellOfWhatItHasPassedOverWithWhatWasDoneSince() {
        assertThat(done.passesOver(5, Optional.of(4))).isTrue();
        assertThat(done.passesOver(6, Optional.of(5))).isFalse();
        assertThat(done.passesOver(7, Optional.of(4))).isTrue();
        List<OffsetRun> passedOver = List.of(new OffsetRun(5, 5), new OffsetRun(7, 7));
        assertThat(done.with(List.of(), 5)).isEqualTo(passedOver);

        assertThat(done.passesOver(9, Optional.of(4))).as("8 holds no record").isTrue();
        assertThat(done.with(List.of(new OffsetRun(3, 3), new OffsetRun(6, 6), new OffsetRun(12, 14)), 5))
                .containsExactly(new OffsetRun(3, 3), new OffsetRun(5, 9), new OffsetRun(12, 14));
    }

    @Test
    void shouldTellOfWhatIsNotReadAgainYetUnlessOthersMayHaveTakenItsPlace() {
        assertThat(done.with(List.of(), 4)).containsExactly(new OffsetRun(5, 7), new OffsetRun(9, 9));
        assertThat(done.with(List.of(), 5)).isEmpty();

        assertThat(done.passesOver(5, Optional.of(3))).isTrue();
        assertThat(done.with(List.of(new OffsetRun(3, 3)), 3))
                .containsExactly(new OffsetRun(3, 3), new OffsetRun(5, 7), new OffsetRun(9, 9));
        assertThat(done.epoch(3)).as("that of the runs").isEqualTo(4);
        assertThat(done.epoch(5)).isEqualTo(5);

        assertThat(done.passesOver(6, Optional.of(5))).isFalse();
        assertThat(done.with(List.of(), 5)).containsExactly(new OffsetRun(5, 5));
    }

    @Test
    void shouldSayHowMuchItIs() {
        assertThat(done).hasToString("4 offsets in 2 runs");
    }
}
