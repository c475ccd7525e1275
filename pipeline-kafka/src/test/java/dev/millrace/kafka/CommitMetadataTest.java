package dev.millrace.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.spi.OffsetRun;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitMetadataTest {

    private static final String ID = new Uuid(-1, -2).toString();
    private static final int CASES = 3_000;

    @Test
    void shouldGiveBackTheNearestRunsAndNeverMoreThanThereIsRoomFor() {
        int cut = 0;
        for (long seed = 1; seed <= CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long frontier = random.nextLong(1L << random.nextInt(1, 62));
            int epoch = random.nextInt(1 << random.nextInt(1, 31));
            List<OffsetRun> runs = runs(random, frontier);

            String metadata = CommitMetadata.of(ID, frontier, epoch, runs);
            CommitMetadata.Done done =
                    CommitMetadata.done(metadata, ID, frontier).orElseThrow();

            String name = "seed " + seed;
            assertThat(metadata.getBytes(UTF_8).length).as(name).isLessThanOrEqualTo(CommitMetadata.MOST_BYTES);
            assertThat(done.epoch()).as(name).isEqualTo(epoch);
            assertThat(done.runs())
                    .as(name)
                    .isEqualTo(runs.subList(0, done.runs().size()));
            boolean isCut = done.runs().size() < runs.size();
            assertThat(!isCut || metadata.length() > CommitMetadata.MOST_BYTES - 40)
                    .as(name)
                    .isTrue();
            assertThat(CommitMetadata.topicId(metadata)).as(name).contains(ID);
            assertThat(CommitMetadata.withoutDone(metadata)).as(name).isEqualTo(CommitMetadata.of(ID));
            cut += isCut ? 1 : 0;
        }
        assertThat(cut).as("cases that are cut").isBetween(CASES / 20, CASES - CASES / 20);
    }

    @Test
    void shouldTakeNothingFromMetadataThatSomebodyHasChanged() {
        for (long seed = 1; seed <= CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            long frontier = random.nextInt(1_000_000);
            List<OffsetRun> runs = runs(random, frontier);
            StringBuilder metadata = new StringBuilder(CommitMetadata.of(ID, frontier, 3, runs));
            int at = random.nextInt(metadata.length());
            if (random.nextInt(3) == 0) {
                metadata.deleteCharAt(at);
            } else if (random.nextBoolean()) {
                metadata.insert(at, (char) random.nextInt(1, 0x250));
            } else {
                metadata.setCharAt(at, (char) (metadata.charAt(at) ^ 1 << random.nextInt(7)));
            }
            assertThat(runsOf(metadata.toString(), frontier))
                    .as("seed %d: %s", seed, metadata)
                    .isIn(List.of(), runs);
        }
    }

    /**
     * What is read of it, nothing if it is refused. A change may leave the bytes as they were: trailing bits of Base64.
     */
    private static List<OffsetRun> runsOf(String metadata, long offset) {
        try {
            return CommitMetadata.done(metadata, ID, offset)
                    .map(CommitMetadata.Done::runs)
                    .orElse(List.of());
        } catch (IllegalArgumentException refused) {
            return List.of();
        }
    }

    @Test
    void shouldRefuseWhatWasMadeForAnotherOffsetOrTopic() {
        String metadata = CommitMetadata.of(ID, 100, 3, List.of(new OffsetRun(105, 109)));
        assertThatThrownBy(() -> CommitMetadata.done(metadata, ID, 101))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it was made for the offset 100, not 101");
        assertThatThrownBy(() -> CommitMetadata.done(metadata, new Uuid(-1, -3).toString(), 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it was made for another topic of that name");
    }

    @Test
    void shouldSayNothingOfRunsBelowTheOffset() {
        List<OffsetRun> runs = List.of(new OffsetRun(5, 9), new OffsetRun(12, 14));
        assertThat(CommitMetadata.of(ID, 15, 3, runs)).isEqualTo(CommitMetadata.of(ID));
        assertThat(CommitMetadata.done(CommitMetadata.of(ID, 10, 3, runs), ID, 10))
                .contains(new CommitMetadata.Done(3, runs.subList(1, 2)));
        assertThat(CommitMetadata.done(CommitMetadata.of(ID, 13, 3, runs), ID, 13))
                .as("an offset that is done itself, and not read again yet")
                .contains(new CommitMetadata.Done(3, List.of(new OffsetRun(13, 14))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x", "done=", "done=1.", "done=1.;", "done=1.AAAA;topic-id=x", "done=2.AAAA;topic-id=x", ";"})
    void shouldRefuseWhatOthersHaveWritten(String metadata) {
        assertThatThrownBy(() -> CommitMetadata.done(metadata, ID, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseWhatIsLongerThanBrokersTakeByDefault() {
        assertThatThrownBy(() -> CommitMetadata.done(metadataOf(4_095), ID, 0)).hasMessage("its sum is wrong");
        assertThatThrownBy(() -> CommitMetadata.done(metadataOf(CommitMetadata.MOST_BYTES), ID, 0))
                .as("its last letter is one too many for Base64")
                .hasMessageNotContaining("it is longer");
        assertThatThrownBy(() -> CommitMetadata.done(metadataOf(4_097), ID, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it is longer than 4096 bytes");
    }

    private static String metadataOf(int length) {
        String end = ";topic-id=" + ID;
        return "done=1." + "A".repeat(length - "done=1.".length() - end.length()) + end;
    }

    @Test
    void shouldReadTheFormWithoutRuns() {
        assertThat(CommitMetadata.done("topic-id=" + ID, ID, 7)).isEmpty();
        assertThat(CommitMetadata.done("", ID, 7)).isEmpty();
        assertThat(CommitMetadata.topicId("topic-id=" + ID)).contains(ID);
        assertThat(CommitMetadata.topicId("")).isEmpty();
    }

    private static List<OffsetRun> runs(SplittableRandom random, long frontier) {
        List<OffsetRun> runs = new ArrayList<>();
        long last = frontier;
        int bits = random.nextInt(1, 20);
        for (int left = random.nextInt(1, 3_000); left > 0; left--) {
            long from = last + 1 + random.nextInt(1 << bits);
            last = from + random.nextInt(1 << bits);
            runs.add(new OffsetRun(from, last));
        }
        return runs;
    }
}
